#include "libs/admin/admin_service.h"

#include "absl/strings/str_cat.h"
#include "libs/admin/facts.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"
#include "libs/bus/inbox.h"
#include "libs/log/log.h"

namespace dondoc::admin {
namespace {

void ToProto(const LogEnd& end, pb::LogEnd& proto) {
  proto.set_sequence(end.sequence);
  proto.set_hash(end.hash);
}

void ToProto(absl::Time time, google::protobuf::Timestamp& proto) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  proto.set_seconds(seconds);
  proto.set_nanos(
      static_cast<int32_t>((time - absl::FromUnixSeconds(seconds)) / absl::Nanoseconds(1)));
}

void ToProto(const bus::DeadLetter& letter, pb::DeadLetter& proto) {
  const bus::Event& event = letter.event;
  proto.set_event_id(event.id);
  proto.set_type(event.type);
  proto.set_source(event.source);
  proto.set_name(event.name);
  proto.set_version(event.version);
  proto.set_actor(event.actor);
  ToProto(event.at, *proto.mutable_event_time());
  proto.set_schema(event.schema);
  proto.set_payload(event.payload);
  proto.set_reason(letter.reason);
  proto.set_attempts(letter.attempts);
  ToProto(letter.at, *proto.mutable_buried_time());
}

absl::Status SequenceInvalid(int64_t from, int64_t last) {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "SEQUENCE_INVALID",
      {.vi = absl::StrCat("Không có sự kiện số ", from, "; nhật ký có từ 1 đến ", last, "."),
       .en = absl::StrCat("there is no event ", from, "; the log goes from 1 to ", last)},
      {{"field", "from_sequence"}});
}

}  // namespace

grpc::ServerUnaryReactor* AdminService::GetStatus(grpc::CallbackServerContext* context,
                                                  const pb::GetStatusRequest* request,
                                                  pb::GetStatusResponse* response) {
  return gate_.Read(context, request, response,
                    [this](const rpc::Call&, store::Snapshot& snapshot,
                           const pb::GetStatusRequest&) -> absl::StatusOr<pb::GetStatusResponse> {
                      pb::GetStatusResponse status;
                      status.set_service(parts_.service);
                      ToProto(ReadLogEnd(snapshot), *status.mutable_log());
                      status.set_unpublished_events(parts_.bus.Unpublished());
                      status.set_on_duty(parts_.bus.AtWork());
                      status.set_broker_connected(parts_.bus.Connected());
                      status.set_waiting_writes(parts_.database.QueueLength());
                      const bus::Waiting waiting = bus::CountWaiting(snapshot);
                      status.set_parked_events(waiting.parked);
                      status.set_dead_letters(waiting.dead_letters);
                      for (const SchemaStep& step : ReadSchema(snapshot)) {
                        pb::SchemaStep& proto = *status.add_schema();
                        proto.set_component(step.component);
                        proto.set_number(step.number);
                        proto.set_sha256(step.sha256);
                      }
                      return status;
                    });
}

grpc::ServerUnaryReactor* AdminService::ListDeadLetters(grpc::CallbackServerContext* context,
                                                        const pb::ListDeadLettersRequest* request,
                                                        pb::ListDeadLettersResponse* response) {
  return gate_.Read(
      context, request, response,
      [](const rpc::Call&, store::Snapshot& snapshot,
         const pb::ListDeadLettersRequest&) -> absl::StatusOr<pb::ListDeadLettersResponse> {
        pb::ListDeadLettersResponse list;
        for (const bus::DeadLetter& letter : bus::ReadDeadLetters(snapshot)) {
          pb::DeadLetter& proto = *list.add_dead_letters();
          ToProto(letter, proto);
          // A thousand of them would be larger than an answer may be.
          proto.clear_payload();
        }
        return list;
      });
}

grpc::ServerUnaryReactor* AdminService::GetDeadLetter(grpc::CallbackServerContext* context,
                                                      const pb::GetDeadLetterRequest* request,
                                                      pb::GetDeadLetterResponse* response) {
  return gate_.Read(
      context, request, response,
      [](const rpc::Call&, store::Snapshot& snapshot,
         const pb::GetDeadLetterRequest& wanted) -> absl::StatusOr<pb::GetDeadLetterResponse> {
        for (const bus::DeadLetter& letter : bus::ReadDeadLetters(snapshot)) {
          if (letter.event.id != wanted.event_id()) continue;
          pb::GetDeadLetterResponse answer;
          ToProto(letter, *answer.mutable_dead_letter());
          return answer;
        }
        return bus::DeadLetterNotFound(wanted.event_id());
      });
}

grpc::ServerUnaryReactor* AdminService::RedriveDeadLetter(
    grpc::CallbackServerContext* context, const pb::RedriveDeadLetterRequest* request,
    pb::RedriveDeadLetterResponse* response) {
  return gate_.Write(
      context, request, response,
      [](const rpc::Call& call, store::Transaction& transaction,
         const pb::RedriveDeadLetterRequest& wanted)
          -> absl::StatusOr<pb::RedriveDeadLetterResponse> {
        RETURN_IF_ERROR(bus::RedriveDeadLetter(transaction, wanted.event_id()));
        log::Info("admin.redrive", {{"actor", call.actor}, {"event", wanted.event_id()}});
        return pb::RedriveDeadLetterResponse();
      });
}

grpc::ServerUnaryReactor* AdminService::RepublishEvents(grpc::CallbackServerContext* context,
                                                        const pb::RepublishEventsRequest* request,
                                                        pb::RepublishEventsResponse* response) {
  return gate_.Read(
      context, request, response,
      [this](const rpc::Call& call, store::Snapshot&, const pb::RepublishEventsRequest& wanted)
          -> absl::StatusOr<pb::RepublishEventsResponse> {
        const int64_t last = parts_.database.LastSequence();
        const int64_t from = wanted.from_sequence();
        if (from < 1 || from > last) return SequenceInvalid(from, last);
        RETURN_IF_ERROR(parts_.bus.RepublishFrom(from));
        log::Info("admin.republish", {{"actor", call.actor}, {"from", from}, {"to", last}});
        pb::RepublishEventsResponse answer;
        answer.set_to_sequence(last);
        return answer;
      });
}

grpc::ServerUnaryReactor* AdminService::VerifyLog(grpc::CallbackServerContext* context,
                                                  const pb::VerifyLogRequest* request,
                                                  pb::VerifyLogResponse* response) {
  return gate_.Read(context, request, response,
                    [](const rpc::Call&, store::Snapshot& snapshot,
                       const pb::VerifyLogRequest&) -> absl::StatusOr<pb::VerifyLogResponse> {
                      RETURN_IF_ERROR(store::VerifyLog(snapshot));
                      pb::VerifyLogResponse answer;
                      ToProto(ReadLogEnd(snapshot), *answer.mutable_log());
                      return answer;
                    });
}

}  // namespace dondoc::admin
