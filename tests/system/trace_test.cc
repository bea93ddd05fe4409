// One trace id through the real programs: what came of one call is found in the logs and the events
// of all who took part.

#include "libs/base/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "dondoc/notification/v1/events.pb.h"
#include "libs/base/ids.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/status.h"
#include "tests/system/acts.h"
#include "tests/system/bus_tap.h"
#include "tests/system/city.h"

namespace dondoc::testing {
namespace {

using ::testing::HasSubstr;

// "Ban hành kế hoạch: Quý I/2023", due on 31/03.
const Work kPublicityPlan = {.task = 2};
const Work kReviewPlan = {.task = 5};

class ATrace : public ::testing::Test {
 protected:
  // Every service logs what it answers and applies.
  ATrace() {
    for (const char* service : {"registry", "kpi", "inspection", "notification"}) {
      city_.SetEnvironment(service, {"DONDOC_LOG_LEVEL=debug"});
      city_.Kill(service, SIGTERM);
      city_.Start(service);
    }
    city_.AddUnits();
    city_.ImportPlan();
    EXPECT_TRUE(Eventually([&] { return !Upcoming(city_, "units/van-phong").empty(); }));
  }

  // One call by the director in a new trace, whose id it returns.
  template <typename Request, typename Response>
  std::string CallInATrace(grpc::Status (Registry::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                           const Request& request) {
    const std::string traceparent = NewTrace();
    Response response;
    EXPECT_THAT(city_.Retry("giam-doc",
                            [&](grpc::ClientContext& context) {
                              context.AddMetadata("traceparent", traceparent);
                              response.Clear();
                              return (city_.stub<Registry>().*method)(&context, request, &response);
                            }),
                IsOk());
    return std::string(TraceIdOf(traceparent));
  }

  // Whether a line of a program's log names both.
  bool Logged(const std::string& program, const std::string& trace_id, const std::string& event) {
    const std::string log = city_.LogOf(program);
    for (const absl::string_view line : absl::StrSplit(log, '\n')) {
      const bool ours = absl::StrContains(line, absl::StrCat("trace_id=", trace_id));
      if (ours && absl::StrContains(line, event)) return true;
    }
    return false;
  }

  City city_;
};

TEST_F(ATrace, LeadsFromAnAcceptedResultToTheValueAndToEveryLog) {
  BusTap tap(city_, "dondoc.registry.assignment.accepted");
  ASSERT_THAT(city_.Call(&Registry::SubmitResult, Submit(kPublicityPlan), "chuyen-vien"), IsOk());
  const std::string trace_id = CallInATrace(&Registry::AcceptResult, Accept(kPublicityPlan));

  const std::vector<Change> registry = city_.ReadLog(
      &Registry::WatchChanges, 1,
      [](const Change& change) { return change.type() == "dondoc.registry.assignment.accepted"; });
  EXPECT_EQ(TraceIdOf(registry.back().traceparent()), trace_id);

  const char* header = nullptr;
  const NatsPointer<natsMsg> message = tap.Next();
  ASSERT_EQ(natsMsgHeader_Get(message.get(), "traceparent", &header), NATS_OK);
  EXPECT_EQ(TraceIdOf(header), trace_id);

  // The share of work done on time is another now.
  const std::vector<Change> kpi = city_.ReadLog(&Kpi::WatchChanges, 1, [&](const Change& change) {
    return change.type() == "dondoc.kpi.value.changed" &&
           TraceIdOf(change.traceparent()) == trace_id;
  });
  EXPECT_EQ(TraceIdOf(kpi.back().traceparent()), trace_id);

  EXPECT_TRUE(Eventually([&] { return Logged("registry", trace_id, "rpc.answered"); }));
  EXPECT_TRUE(Eventually([&] { return Logged("inspection", trace_id, "bus.event_applied"); }));
  EXPECT_TRUE(Eventually([&] { return Logged("kpi", trace_id, "bus.event_applied"); }));
  EXPECT_TRUE(Eventually([&] { return Logged("notification", trace_id, "bus.event_applied"); }));
}

TEST_F(ATrace, LeadsFromAReturnedResultToTheNoticeOfWeeksLater) {
  ASSERT_THAT(city_.Call(&Registry::SubmitResult, Submit(kReviewPlan), "chuyen-vien"), IsOk());
  registry_pb::ReturnResultRequest request;
  request.set_request_id(NewUuid());
  request.set_name(NameOf(kReviewPlan));
  request.set_reason("Thiếu phụ lục");
  const std::string trace_id = CallInATrace(&Registry::ReturnResult, request);
  EXPECT_TRUE(Eventually([&] { return Logged("notification", trace_id, "bus.event_applied"); }));

  city_.TravelTo({.from = Moment(2023, 3, 31, 8)});
  const std::vector<Change> changes =
      city_.ReadLog(&Notification::WatchChanges, 1, [&](const Change& change) {
        return absl::StartsWith(change.type(), "dondoc.notification.notice.") &&
               TraceIdOf(change.traceparent()) == trace_id;
      });
  notification_pb::NoticeChanged told;
  ASSERT_TRUE(changes.back().payload().UnpackTo(&told));
  EXPECT_EQ(told.notice().subject(), NameOf(kReviewPlan));
}

TEST_F(ATrace, IsToldToWhoeverIsRefusedAndStandsInTheLog) {
  const std::string traceparent = NewTrace();
  const std::string trace_id(TraceIdOf(traceparent));
  int code = 0;
  const std::string output =
      city_.Cli({"task", "show", "cchc-2023/99", "--traceparent", traceparent}, &code);
  EXPECT_EQ(code, 3);
  EXPECT_THAT(output, HasSubstr(trace_id));
  EXPECT_TRUE(Eventually([&] { return Logged("registry", trace_id, "TASK_NOT_FOUND"); }));
}

}  // namespace
}  // namespace dondoc::testing
