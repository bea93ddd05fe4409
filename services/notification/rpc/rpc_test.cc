#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"
#include "services/notification/rpc/rpc_fixture.h"
#include "services/notification/store/deliveries.h"

namespace dondoc::notification {
namespace {

using ::dondoc::testing::IsOk;
using ::dondoc::testing::Refuses;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(RpcTest, ListNoticesShowsWhatWasToldTheNewestFirst) {
  world_.Say(AssignmentOf("van-phong", kDue));
  world_.RunAt(Morning(kDue - 7) + absl::Hours(24));
  const auto answer = Call(&Stub::ListNotices, pb::ListNoticesRequest());
  ASSERT_THAT(answer, IsOk());
  ASSERT_EQ(answer->notices_size(), 2);
  const pb::Notice& notice = answer->notices(0);
  EXPECT_EQ(notice.name(), "notices/2");
  EXPECT_EQ(notice.recipient(), "units/van-phong");
  EXPECT_EQ(notice.deadline_kind(), pb::DEADLINE_KIND_PHASE);
  EXPECT_EQ(notice.kind(), pb::NOTICE_KIND_BEFORE_DUE);
  EXPECT_EQ(notice.days_left(), 7);
  EXPECT_EQ(notice.subject(), "plans/cchc-2023/tasks/29/phases/1/assignments/van-phong");
  EXPECT_EQ(notice.due_date(), "2023-03-31");
  EXPECT_EQ(notice.text_vi(),
            "Nhiệm vụ 29: Rà soát quy trình nội bộ – còn 6 ngày đến hạn 31/03/2023 (báo muộn 1 "
            "ngày).");
  EXPECT_EQ(notice.text_en(),
            "Task 29: Rà soát quy trình nội bộ – 6 days to the deadline 31/03/2023 (told 1 day "
            "late).");
  EXPECT_EQ(notice.due_time().seconds(), absl::ToUnixSeconds(Morning(kDue - 7)));
  EXPECT_EQ(notice.create_time().seconds(), absl::ToUnixSeconds(Morning(kDue - 6)));
  EXPECT_EQ(notice.state(), pb::NOTICE_STATE_SENT);
  EXPECT_EQ(notice.digest(), "digests/1");
  EXPECT_EQ(answer->notices(1).state(), pb::NOTICE_STATE_SKIPPED);
  EXPECT_EQ(answer->notices(1).skip_reason(), "overtaken");
  EXPECT_EQ(answer->notices(1).digest(), "");
}

TEST_F(RpcTest, ListNoticesPagesAndFilters) {
  for (int task = 1; task <= 5; ++task) world_.Say(AssignmentOf("van-phong", kDue, task));
  world_.Say(AssignmentOf("thanh-tra", kDue));
  world_.RunAt(Morning(kDue - 30));
  world_.RunAt(Morning(kDue));
  const size_t all = ListAll({}, 1'000).size();
  EXPECT_EQ(all, 6u * 5u);
  for (const int size : {1, 7, 30}) EXPECT_THAT(ListAll({}, size), SizeIs(all)) << size;
  pb::ListNoticesRequest request;
  request.set_recipient("units/thanh-tra");
  EXPECT_THAT(ListAll(request, 2), SizeIs(5));
  request.set_state(pb::NOTICE_STATE_SENT);
  EXPECT_THAT(ListAll(request, 2), SizeIs(2));
  request.set_kind(pb::NOTICE_KIND_DUE);
  EXPECT_THAT(ListAll(request, 2), SizeIs(1));
  request.Clear();
  request.set_subject("plans/cchc-2023/tasks/3/phases/1/assignments/van-phong");
  EXPECT_THAT(ListAll(request, 2), SizeIs(5));
  request.set_recipient("units/thanh-tra");
  EXPECT_THAT(ListAll(request, 2), IsEmpty());
}

TEST_F(RpcTest, AcknowledgeNoticeStopsItsKindAndNotTheNext) {
  world_.Say(AssignmentOf("van-phong", kDue));
  world_.RunAt(Morning(kDue - 7));
  const auto acknowledged = Acknowledge("notices/2");
  ASSERT_THAT(acknowledged, IsOk());
  EXPECT_EQ(acknowledged->notice().acknowledged_by(), "units/van-phong");
  EXPECT_TRUE(acknowledged->notice().has_acknowledge_time());
  const int64_t sequence = world_.database().LastSequence();
  ASSERT_THAT(Acknowledge("notices/2"), IsOk());
  EXPECT_EQ(world_.database().LastSequence(), sequence) << "twice changes nothing";
  world_.RunAt(Morning(kDue - 3));
  world_.RunAt(Morning(kDue));
  EXPECT_EQ(world_.Lines()[2], "2023-03-28 before 3 skipped: acknowledged");
  EXPECT_EQ(world_.Lines().back(), "2023-03-31 due 0 sent");
  pb::ListNoticesRequest open;
  open.set_unacknowledged_only(true);
  open.set_state(pb::NOTICE_STATE_SENT);
  EXPECT_THAT(ListAll(open, 10), ElementsAre("notices/5"));
}

TEST_F(RpcTest, AcknowledgingAnOldNoticeDoesNotSilenceAMovedDeadline) {
  auto assignment = AssignmentOf("van-phong", kDue);
  world_.Say(assignment);
  world_.RunAt(Morning(kDue - 7));
  assignment.set_due_date("2023-06-30");
  world_.Say(assignment);
  ASSERT_THAT(Acknowledge("notices/2"), IsOk());
  world_.RunAt(Morning(absl::CivilDay(2023, 5, 31)));
  EXPECT_EQ(world_.Lines().back(), "2023-05-31 before 30 sent");
}

TEST_F(RpcTest, WatchInboxGoesOnFromTheLastOneSeen) {
  world_.Say(AssignmentOf("van-phong", kDue));
  world_.Say(AssignmentOf("thanh-tra", kDue));
  world_.RunAt(Morning(kDue - 30));
  grpc::ClientContext context;
  pb::WatchInboxRequest request;
  request.set_recipient("units/van-phong");
  auto stream = stub_->WatchInbox(&context, request);
  pb::WatchInboxResponse response;
  ASSERT_TRUE(stream->Read(&response));
  const std::string first = response.notice().name();
  EXPECT_EQ(response.notice().recipient(), "units/van-phong");
  world_.RunAt(Morning(kDue));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.notice().kind(), pb::NOTICE_KIND_DUE) << "what was skipped is left out";
  const std::string second = response.notice().name();
  context.TryCancel();
  while (stream->Read(&response)) {
  }
  stream->Finish();

  grpc::ClientContext later;
  request.set_after(first.substr(first.find('/') + 1));
  auto resumed = stub_->WatchInbox(&later, request);
  ASSERT_TRUE(resumed->Read(&response));
  EXPECT_EQ(response.notice().name(), second);
  later.TryCancel();
  while (resumed->Read(&response)) {
  }
  resumed->Finish();
}

TEST_F(RpcTest, WatchInboxRefusesACursorThatIsNone) {
  for (const char* after : {"x", "-1", "notices/1"}) {
    grpc::ClientContext context;
    pb::WatchInboxRequest request;
    request.set_after(after);
    auto stream = stub_->WatchInbox(&context, request);
    pb::WatchInboxResponse response;
    EXPECT_FALSE(stream->Read(&response));
    EXPECT_THAT(rpc::FromGrpc(stream->Finish()), Refuses("CURSOR_INVALID")) << after;
  }
}

TEST_F(RpcTest, CountNoticesCountsByKindAndState) {
  world_.Say(AssignmentOf("van-phong", kDue));
  world_.Say(AssignmentOf("thanh-tra", kDue));
  world_.RunAt(Morning(kDue));
  pb::CountNoticesRequest request;
  auto counts = Call(&Stub::CountNotices, request);
  ASSERT_THAT(counts, IsOk());
  ASSERT_EQ(counts->counts_size(), 2);
  EXPECT_EQ(counts->counts(0).kind(), pb::NOTICE_KIND_BEFORE_DUE);
  EXPECT_EQ(counts->counts(0).state(), pb::NOTICE_STATE_SKIPPED);
  EXPECT_EQ(counts->counts(0).count(), 8);
  EXPECT_EQ(counts->counts(1).kind(), pb::NOTICE_KIND_DUE);
  EXPECT_EQ(counts->counts(1).deadline_kind(), pb::DEADLINE_KIND_PHASE);
  EXPECT_EQ(counts->counts(1).count(), 2);
  request.set_recipient("units/thanh-tra");
  counts = Call(&Stub::CountNotices, request);
  ASSERT_THAT(counts, IsOk());
  EXPECT_EQ(counts->counts(1).count(), 1);
}

TEST_F(RpcTest, ListUpcomingShowsTheNextNoticeOfEachDeadline) {
  for (int task = 1; task <= 5; ++task) {
    world_.Say(AssignmentOf("van-phong", kDue + 10 - task, task));
  }
  pb::ListUpcomingRequest request;
  request.set_page_size(2);
  std::vector<std::string> dates;
  do {
    const auto page = Call(&Stub::ListUpcoming, request);
    ASSERT_THAT(page, IsOk());
    ASSERT_LE(page->notices_size(), 2);
    for (const pb::Notice& notice : page->notices()) {
      dates.push_back(notice.due_date());
      EXPECT_EQ(notice.name(), "");
      EXPECT_EQ(notice.state(), pb::NOTICE_STATE_UNSPECIFIED);
      EXPECT_FALSE(notice.has_create_time());
      EXPECT_EQ(notice.days_left(), 30);
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(dates,
              ElementsAre("2023-04-05", "2023-04-06", "2023-04-07", "2023-04-08", "2023-04-09"));
  request.Clear();
  request.set_recipient("units/thanh-tra");
  EXPECT_EQ(Call(&Stub::ListUpcoming, request)->notices_size(), 0);
}

TEST_F(RpcTest, PlanRulesAreTheGeneralOnesUntilAPlanHasItsOwn) {
  pb::GetPlanRulesRequest get;
  get.set_plan("plans/cchc-2023");
  auto rules = Call(&Stub::GetPlanRules, get);
  ASSERT_THAT(rules, IsOk());
  EXPECT_EQ(rules->rules().plan(), "plans/-");
  EXPECT_EQ(rules->rules().etag(), "\"0\"");
  EXPECT_THAT(rules->rules().days_before(), ElementsAre(30, 7, 3, 1));
  EXPECT_EQ(rules->rules().overdue_step_days(), 3);
  EXPECT_EQ(rules->rules().overdue_limit_days(), 90);
  EXPECT_EQ(rules->rules().hour(), 7);
  EXPECT_TRUE(rules->rules().check_ins());

  pb::SetPlanRulesRequest set;
  *set.mutable_rules() = rules->rules();
  set.mutable_rules()->set_plan("plans/cchc-2023");
  set.mutable_rules()->set_hour(9);
  const auto kept = Call(&Stub::SetPlanRules, set);
  ASSERT_THAT(kept, IsOk());
  EXPECT_EQ(kept->rules().etag(), "\"1\"");
  EXPECT_THAT(Call(&Stub::SetPlanRules, set), Refuses("ETAG_STALE"));
  set.mutable_rules()->clear_etag();
  EXPECT_EQ(Call(&Stub::SetPlanRules, set)->rules().etag(), "\"2\"") << "no etag: unconditional";
  rules = Call(&Stub::GetPlanRules, get);
  EXPECT_EQ(rules->rules().plan(), "plans/cchc-2023");
  EXPECT_EQ(rules->rules().hour(), 9);
}

TEST_F(RpcTest, ContactsNeverShowTheirSecret) {
  const std::string url = "https://hub.example.vn/x";
  const auto set = SetContact("units/van-phong", "vp@x.vn", url, kSecret);
  ASSERT_THAT(set, IsOk());
  EXPECT_EQ(set->contact().webhook_secret(), "");
  EXPECT_THAT(SetContact("units/van-phong", "other@x.vn", url, ""), IsOk())
      << "an empty secret keeps the one that is there";
  EXPECT_THAT(SetContact("units/van-phong", "", "https://other.example.vn/", ""),
              Refuses("WEBHOOK_SECRET_INVALID"))
      << "but not for another place";
  EXPECT_THAT(SetContact("units/thanh-tra", "", "", ""), IsOk());
  pb::ListContactsRequest request;
  request.set_page_size(1);
  auto page = Call(&Stub::ListContacts, request);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->contacts(0).recipient(), "units/thanh-tra");
  request.set_page_token(page->next_page_token());
  page = Call(&Stub::ListContacts, request);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->contacts(0).email(), "other@x.vn");
  EXPECT_EQ(page->contacts(0).webhook_secret(), "");
  EXPECT_EQ(page->next_page_token(), "");
  EXPECT_THAT(world_.database().Read([](store::Snapshot& snapshot) {
    for (const store::Event& event : store::ReadEvents(snapshot, 1, 1'000)) {
      EXPECT_THAT(event.payload, ::testing::Not(::testing::HasSubstr("whsec_")));
    }
    return absl::OkStatus();
  }),
              IsOk());
}

TEST_F(RpcTest, RetryDeliveryPutsADeadOneBackInTheQueue) {
  world_.SetContact("units/van-phong", "old@x.vn");
  world_.Say(AssignmentOf("van-phong", kDue));
  world_.RunAt(Morning(kDue - 7));
  const Delivery pending = world_.Outgoing().at(0);
  pb::RetryDeliveryRequest request;
  request.set_name("deliveries/" + pending.id);
  EXPECT_THAT(Call(&Stub::RetryDelivery, request), Refuses("DELIVERY_NOT_DEAD"));
  ASSERT_THAT(world_.database().WriteAndWait([&](store::Transaction& tx) {
    Delivery dead = *FindDelivery(tx.sql(), pending.id);
    dead.state = DeliveryState::kDead;
    dead.attempts = 9;
    dead.next_at.reset();
    UpdateDelivery(tx, dead, "dead");
    return absl::OkStatus();
  }),
              IsOk());
  world_.SetContact("units/van-phong", "");
  EXPECT_THAT(Call(&Stub::RetryDelivery, request), Refuses("CHANNEL_GONE"));
  world_.SetContact("units/van-phong", "new@x.vn");
  const auto retried = Call(&Stub::RetryDelivery, request);
  ASSERT_THAT(retried, IsOk());
  EXPECT_EQ(retried->delivery().state(), pb::DELIVERY_STATE_PENDING);
  EXPECT_EQ(retried->delivery().address(), "new@x.vn");
  EXPECT_EQ(retried->delivery().attempt_count(), 9);
  EXPECT_EQ(retried->delivery().notice_count(), 1);
  EXPECT_THAT(retried->delivery().notices(), ElementsAre("notices/2"));
}

TEST_F(RpcTest, ListDeliveriesPagesAndFilters) {
  for (int i = 0; i < 3; ++i) {
    world_.SetContact(absl::StrCat("units/u", i), absl::StrCat("u", i, "@x.vn"));
    world_.Say(AssignmentOf(absl::StrCat("u", i), kDue));
  }
  world_.RunAt(Morning(kDue - 7));
  pb::ListDeliveriesRequest request;
  EXPECT_EQ(Call(&Stub::ListDeliveries, request)->deliveries_size(), 6);
  request.set_channel(pb::CHANNEL_EMAIL);
  request.set_page_size(2);
  std::set<std::string> names;
  do {
    const auto page = Call(&Stub::ListDeliveries, request);
    ASSERT_THAT(page, IsOk());
    for (const pb::Delivery& delivery : page->deliveries()) names.insert(delivery.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, SizeIs(3));
  request.Clear();
  request.set_state(pb::DELIVERY_STATE_DEAD);
  EXPECT_EQ(Call(&Stub::ListDeliveries, request)->deliveries_size(), 0);
}

TEST_F(RpcTest, WatchChangesShowsEveryChangeWithoutAGap) {
  world_.Say(AssignmentOf("van-phong", kDue));
  world_.RunAt(Morning(kDue - 7));
  ASSERT_THAT(Acknowledge("notices/2"), IsOk());
  grpc::ClientContext context;
  pb::WatchChangesRequest request;
  auto stream = stub_->WatchChanges(&context, request);
  std::vector<std::string> changes;
  pb::WatchChangesResponse response;
  while (changes.size() < 4 && stream->Read(&response)) {
    const auto& change = response.change();
    changes.push_back(change.type() == "dondoc.notification.delivery.sent"
                          ? change.type()
                          : absl::StrCat(change.type(), " ", change.name(), " ", change.version()));
  }
  context.TryCancel();
  while (stream->Read(&response)) {
  }
  stream->Finish();
  EXPECT_THAT(changes, ElementsAre("dondoc.notification.notice.skipped notices/1 1",
                                   "dondoc.notification.notice.sent notices/2 1",
                                   "dondoc.notification.delivery.sent",
                                   "dondoc.notification.notice.acknowledged notices/2 2"));
}

}  // namespace
}  // namespace dondoc::notification
