#include "libs/bus/stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/bus/wire.h"
#include "libs/log/log.h"

namespace dondoc::bus {
namespace {

constexpr absl::Duration kAckWait = absl::Seconds(30);
// Messages that may be on their way to one consumer: several requests of Puller::kBatch.
constexpr int64_t kAckPendingMax = 1024;

absl::StatusOr<NatsOwned<jsStreamInfo>> GetInfo(Connection& connection) {
  jsStreamInfo* info = nullptr;
  jsErrCode code = {};
  const natsStatus status =
      js_GetStreamInfo(&info, connection.jetstream(), kStream, nullptr, &code);
  RETURN_IF_ERROR(ToStatus(status, "ask for the stream", code));
  return NatsOwned<jsStreamInfo>(info);
}

StreamState StateOf(const jsStreamInfo& info) {
  return {.created = info.Created, .last_sequence = static_cast<int64_t>(info.State.LastSeq)};
}

// Only what a setting decides, so that what an operator set otherwise (more replicas, say) stays.
// Returns whether anything was different.
bool SetLimits(const BusOptions& options, jsStreamConfig& config) {
  const int64_t age = absl::ToInt64Nanoseconds(options.stream_age_max);
  const int64_t window = absl::ToInt64Nanoseconds(options.duplicate_window);
  const bool different = config.MaxBytes != options.stream_bytes_max || config.MaxAge != age ||
                         config.Duplicates != window || config.Replicas < options.replicas;
  config.MaxBytes = options.stream_bytes_max;
  config.MaxAge = age;
  config.Duplicates = window;
  config.Replicas = std::max(config.Replicas, options.replicas);
  return different;
}

absl::StatusOr<StreamState> MakeStream(Connection& connection, const BusOptions& options) {
  jsStreamConfig config;
  RETURN_IF_ERROR(ToStatus(jsStreamConfig_Init(&config), "describe the stream"));
  const std::string all = absl::StrCat(kSubjectRoot, ".>");
  const char* subjects[] = {all.c_str()};
  config.Name = kStream;
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  config.Retention = js_LimitsPolicy;
  config.Discard = js_DiscardNew;
  config.DenyDelete = true;
  config.DenyPurge = true;
  SetLimits(options, config);
  jsStreamInfo* info = nullptr;
  jsErrCode code = {};
  const natsStatus status = js_AddStream(&info, connection.jetstream(), &config, nullptr, &code);
  const NatsOwned<jsStreamInfo> owned(info);
  RETURN_IF_ERROR(ToStatus(status, "make the stream", code));
  log::Info("bus.stream_made", {{"stream", kStream}});
  return StateOf(*owned);
}

}  // namespace

absl::StatusOr<StreamState> EnsureStream(Connection& connection, const BusOptions& options) {
  absl::StatusOr<NatsOwned<jsStreamInfo>> info = GetInfo(connection);
  if (absl::IsNotFound(info.status())) return MakeStream(connection, options);
  RETURN_IF_ERROR(info.status());
  if (SetLimits(options, *(*info)->Config)) {
    jsErrCode code = {};
    const natsStatus status =
        js_UpdateStream(nullptr, connection.jetstream(), (*info)->Config, nullptr, &code);
    RETURN_IF_ERROR(ToStatus(status, "change the limits of the stream", code));
    log::Info("bus.stream_limits_changed", {{"stream", kStream}});
  }
  return StateOf(**info);
}

absl::StatusOr<StreamState> GetStream(Connection& connection) {
  ASSIGN_OR_RETURN(const NatsOwned<jsStreamInfo> info, GetInfo(connection));
  return StateOf(*info);
}

absl::StatusOr<std::optional<int64_t>> LastPublished(Connection& connection,
                                                     const StreamState& stream,
                                                     const std::string& service) {
  if (stream.last_sequence == 0) return std::optional<int64_t>();
  const std::string subject = absl::StrCat(kSubjectRoot, ".", service, ".>");
  natsMsg* found = nullptr;
  jsErrCode code = {};
  const natsStatus status =
      js_GetLastMsg(&found, connection.jetstream(), kStream, subject.c_str(), nullptr, &code);
  const Message message(found);
  if (code == JSNoMessageFoundErr) return std::optional<int64_t>();
  RETURN_IF_ERROR(ToStatus(status, "ask for the last message", code));
  int64_t sequence = 0;
  if (!absl::SimpleAtoi(Header(found, kSequenceHeader), &sequence)) {
    return std::optional<int64_t>();
  }
  return std::optional<int64_t>(sequence);
}

absl::StatusOr<bool> StillThere(Connection& connection, const StreamState& stream,
                                const Position& position) {
  if (stream.last_sequence < position.stream_sequence) return false;
  natsMsg* found = nullptr;
  jsErrCode code = {};
  const natsStatus status =
      js_GetMsg(&found, connection.jetstream(), kStream,
                static_cast<uint64_t>(position.stream_sequence), nullptr, &code);
  const Message message(found);
  if (code == JSNoMessageFoundErr) return false;
  RETURN_IF_ERROR(ToStatus(status, "ask for a message", code));
  return Header(found, kIdHeader) == position.event_id;
}

std::string DurableName(const std::string& service, const std::string& source) {
  return absl::StrCat(service, "-from-", source);
}

absl::Status MakeConsumer(Connection& connection, const std::string& service,
                          const std::string& source, int64_t first) {
  const std::string durable = DurableName(service, source);
  const std::string filter = absl::StrCat(kSubjectRoot, ".", source, ".>");
  jsErrCode code = {};
  natsStatus status =
      js_DeleteConsumer(connection.jetstream(), kStream, durable.c_str(), nullptr, &code);
  if (code != JSConsumerNotFoundErr) {
    RETURN_IF_ERROR(ToStatus(status, "remove the old consumer", code));
  }
  jsConsumerConfig config;
  RETURN_IF_ERROR(ToStatus(jsConsumerConfig_Init(&config), "describe the consumer"));
  config.Durable = durable.c_str();
  config.FilterSubject = filter.c_str();
  config.AckPolicy = js_AckExplicit;
  config.AckWait = absl::ToInt64Nanoseconds(kAckWait);
  config.MaxDeliver = -1;
  config.MaxAckPending = kAckPendingMax;
  if (first > 1) {
    config.DeliverPolicy = js_DeliverByStartSequence;
    config.OptStartSeq = static_cast<uint64_t>(first);
  }
  status = js_AddConsumer(nullptr, connection.jetstream(), kStream, &config, nullptr, &code);
  return ToStatus(status, absl::StrCat("make the consumer ", durable), code);
}

absl::StatusOr<int64_t> ConsumerLag(Connection& connection, const std::string& durable) {
  jsConsumerInfo* info = nullptr;
  jsErrCode code = {};
  const natsStatus status =
      js_GetConsumerInfo(&info, connection.jetstream(), kStream, durable.c_str(), nullptr, &code);
  const NatsOwned<jsConsumerInfo> owned(info);
  RETURN_IF_ERROR(ToStatus(status, "ask for the consumer", code));
  return static_cast<int64_t>(owned->NumPending) + owned->NumAckPending;
}

}  // namespace dondoc::bus
