#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dondoc/notification/v1/notification_service.grpc.pb.h"
#include "libs/base/status_macros.h"
#include "services/cli/client/client.h"
#include "services/cli/commands/commands.h"
#include "services/cli/commands/notification_words.h"
#include "services/cli/commands/unit_names.h"
#include "services/cli/input/csv.h"

// The verbs of "dondoc notice" about how and when people are told.
namespace dondoc::cli {
namespace {

namespace pb = notification::v1;
using Stub = pb::NotificationService::Stub;

constexpr size_t kSecretBytesMax = 4096;
// What rules hold for when the plan has none of its own.
constexpr char kEveryPlan[] = "plans/-";

Client<pb::NotificationService> Notification(Session& session) {
  return Client<pb::NotificationService>(session.notification());
}

// ---- deliveries, retry
// ---------------------------------------------------------------------------

struct DeliveriesOptions {
  pb::DeliveryState state = pb::DELIVERY_STATE_UNSPECIFIED;
  pb::Channel channel = pb::CHANNEL_UNSPECIFIED;
};

absl::Status ListDeliveries(Session& session, const DeliveriesOptions& options) {
  pb::ListDeliveriesRequest request;
  request.set_state(options.state);
  request.set_channel(options.channel);
  ASSIGN_OR_RETURN(const pb::ListDeliveriesResponse response,
                   Notification(session).ListAll(&Stub::ListDeliveries, request));
  if (session.json()) return session.PrintJson(response);
  if (response.deliveries().empty()) {
    session.PrintNote({.vi = "Không có lần gửi nào như vậy", .en = "no such delivery"});
    return absl::OkStatus();
  }
  Table table({{.title = "Lần gửi"},
               {.title = "Gửi"},
               {.title = "Qua"},
               {.title = "Địa chỉ", .width_min = 12, .lines_max = 3},
               {.title = "Trạng thái"},
               {.title = "Lần", .align = Align::kRight},
               {.title = "Lúc", .optional = true},
               {.title = "Trả lời", .width_min = 12, .lines_max = 3, .optional = true}});
  for (const pb::Delivery& delivery : response.deliveries()) {
    table.Add({ShortName(delivery.name()), ShortName(delivery.recipient()),
               InWords(kChannelWords, delivery.channel()), delivery.address(),
               InWords(kDeliveryStateWords, delivery.state()),
               absl::StrCat(delivery.attempt_count()),
               delivery.has_sent_time() ? ShowInstant(delivery.sent_time())
                                        : ShowInstant(delivery.create_time()),
               Cell(delivery.last_answer(), Style::kFaint)});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

struct RetryOptions {
  std::string delivery;
};

absl::Status RetryDelivery(Session& session, const RetryOptions& options) {
  pb::RetryDeliveryRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   DeliveryName({.field = "DELIVERY", .text = options.delivery}));
  ASSIGN_OR_RETURN(const pb::RetryDeliveryResponse response,
                   Notification(session).Call(&Stub::RetryDelivery, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone(
      {.vi = absl::StrCat("Sẽ gửi lại đến ", response.delivery().address()), .en = "queued again"});
  return absl::OkStatus();
}

// ---- rules
// ---------------------------------------------------------------------------------------

// What was given; the rest stays as it is. Nothing given only shows the rules.
struct RulesOptions {
  std::string plan;
  std::vector<int> days_before;
  int overdue_step = 0;
  int overdue_limit = 0;
  int hour = -1;
  std::string check_ins;
  bool everywhere = false;

  bool Changes() const {
    return !days_before.empty() || overdue_step != 0 || overdue_limit != 0 || hour >= 0 ||
           !check_ins.empty();
  }
};

void PrintRules(const Console& console, const pb::PlanRules& rules) {
  Facts facts;
  facts.Add("Kế hoạch",
            rules.plan() == kEveryPlan ? "mọi kế hoạch (every plan)" : ShortName(rules.plan()));
  facts.Add("Báo trước",
            absl::StrCat(absl::StrJoin(rules.days_before(), ", "), " ngày, và đúng ngày"));
  facts.Add("Quá hạn", absl::StrCat("ngày 1, rồi cứ ", rules.overdue_step_days(),
                                    " ngày, đến ngày ", rules.overdue_limit_days()));
  facts.Add("Lúc", absl::StrCat(rules.hour(), " giờ"));
  facts.Add("Hỏi tiến độ", rules.check_ins() ? "có" : "không");
  facts.Add("Phiên bản", rules.etag());
  facts.Print(console);
}

absl::StatusOr<std::string> RulesPlan(const Session& session, const RulesOptions& options) {
  if (options.everywhere) return std::string(kEveryPlan);
  return session.PlanOf(options.plan);
}

absl::Status PlanRules(Session& session, const RulesOptions& options) {
  pb::GetPlanRulesRequest get;
  ASSIGN_OR_RETURN(*get.mutable_plan(), RulesPlan(session, options));
  const Client<pb::NotificationService> notification = Notification(session);
  ASSIGN_OR_RETURN(const pb::GetPlanRulesResponse current,
                   notification.Call(&Stub::GetPlanRules, get));
  if (!options.Changes()) {
    if (session.json()) return session.PrintJson(current);
    PrintRules(session.console(), current.rules());
    return absl::OkStatus();
  }
  // The service takes all rules at once.
  pb::SetPlanRulesRequest request;
  pb::PlanRules& rules = *request.mutable_rules();
  rules = current.rules();
  // Rules of every plan have another version than this plan's own, which come into being here.
  if (rules.plan() != get.plan()) rules.clear_etag();
  rules.set_plan(get.plan());
  if (!options.days_before.empty()) rules.clear_days_before();
  for (const int days : options.days_before) rules.add_days_before(days);
  if (options.overdue_step != 0) rules.set_overdue_step_days(options.overdue_step);
  if (options.overdue_limit != 0) rules.set_overdue_limit_days(options.overdue_limit);
  if (options.hour >= 0) rules.set_hour(options.hour);
  if (!options.check_ins.empty()) rules.set_check_ins(options.check_ins == "on");
  ASSIGN_OR_RETURN(const pb::SetPlanRulesResponse response,
                   notification.Call(&Stub::SetPlanRules, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = "Đã đặt quy tắc thông báo", .en = "rules set"});
  PrintRules(session.console(), response.rules());
  return absl::OkStatus();
}

void DeclareRules(CLI::App& cli, RulesOptions& options) {
  AddPlanArgument(cli, options.plan);
  cli.add_flag("--every-plan", options.everywhere,
               Help("Cho mọi kế hoạch không có quy tắc riêng", "for plans without their own"));
  cli.add_option("--days-before", options.days_before,
                 Help("Báo trước bao nhiêu ngày: 30,7,3,1", "days before the deadline"))
      ->delimiter(',')
      ->allow_extra_args(false);
  cli.add_option("--overdue-step", options.overdue_step,
                 Help("Quá hạn cứ mấy ngày báo lại", "days between overdue notices"));
  cli.add_option("--overdue-limit", options.overdue_limit,
                 Help("Quá bao nhiêu ngày thì thôi", "days until it falls silent"));
  cli.add_option("--hour", options.hour, Help("Báo lúc mấy giờ, 0 đến 23", "hour of the day"));
  AddWord(cli, "--check-ins", Help("Có hỏi tiến độ giữa kỳ không", "ask for news"),
          {.words = {{"off", 0}, {"on", 1}},
           .take = [&options](int on) { options.check_ins = on == 1 ? "on" : "off"; }});
}

// ---- contacts
// ------------------------------------------------------------------------------------

struct ContactOptions {
  std::string unit;
  std::string email;
  std::string webhook;
  std::string secret_file;
};

absl::Status ListContacts(Session& session) {
  ASSIGN_OR_RETURN(const pb::ListContactsResponse response,
                   Notification(session).ListAll(&Stub::ListContacts, pb::ListContactsRequest()));
  if (session.json()) return session.PrintJson(response);
  if (response.contacts().empty()) {
    session.PrintNote({.vi = "Chưa có nơi nhận nào ngoài hộp thư", .en = "only the inbox so far"});
    return absl::OkStatus();
  }
  const UnitNames units = UnitNames::Load(session);
  Table table({{.title = "Mã"},
               {.title = "Đơn vị", .width_min = 12, .lines_max = 2},
               {.title = "E-mail", .width_min = 16, .lines_max = 2},
               {.title = "Webhook", .width_min = 16, .lines_max = 3}});
  for (const pb::Contact& contact : response.contacts()) {
    table.Add({ShortName(contact.recipient()), units.Of(contact.recipient()), contact.email(),
               contact.webhook_url()});
  }
  table.Print(session.console());
  return absl::OkStatus();
}

absl::Status Contact(Session& session, const ContactOptions& options) {
  if (options.unit.empty()) return ListContacts(session);
  pb::SetContactRequest request;
  pb::Contact& contact = *request.mutable_contact();
  ASSIGN_OR_RETURN(*contact.mutable_recipient(), UnitName({.field = "UNIT", .text = options.unit}));
  contact.set_email(options.email);
  contact.set_webhook_url(options.webhook);
  if (!options.secret_file.empty()) {
    // From a file, because a command line can be read by everybody on the machine.
    ASSIGN_OR_RETURN(const std::string secret, ReadFile(options.secret_file, kSecretBytesMax));
    contact.set_webhook_secret(std::string(absl::StripAsciiWhitespace(secret)));
  }
  ASSIGN_OR_RETURN(const pb::SetContactResponse response,
                   Notification(session).Call(&Stub::SetContact, request));
  if (session.json()) return session.PrintJson(response);
  session.PrintDone({.vi = "Đã đặt nơi nhận thông báo", .en = "contact set"});
  Facts facts;
  facts.Add("Đơn vị", ShortName(response.contact().recipient()));
  facts.Add("E-mail", response.contact().email());
  facts.Add("Webhook", response.contact().webhook_url());
  facts.Print(session.console());
  return absl::OkStatus();
}

}  // namespace

void AddNoticeSettings(Tree& tree, CLI::App& notice) {
  tree.Verb<DeliveriesOptions>(
      notice, "deliveries", {.vi = "Các lần gửi", .en = "deliveries"},
      [](CLI::App& cli, DeliveriesOptions& options) {
        AddChoice(cli, "--state", options.state, Help("Chỉ trạng thái", "only in this state"));
        AddChoice(cli, "--channel", options.channel, Help("Chỉ qua kênh", "only on this channel"));
      },
      ListDeliveries);
  tree.Verb<RetryOptions>(
      notice, "retry", {.vi = "Gửi lại lần gửi đã bỏ", .en = "retry a dead delivery"},
      [](CLI::App& cli, RetryOptions& options) {
        cli.add_option("delivery", options.delivery, Help("Lần gửi", "the delivery"))->required();
      },
      RetryDelivery);
  AddExample(tree.Verb<RulesOptions>(notice, "rules",
                                     {.vi = "Xem hoặc đặt quy tắc thông báo", .en = "show or set"},
                                     DeclareRules, PlanRules),
             "dondoc notice rules cchc-2023 --days-before 30,7,3,1 --hour 7");
  tree.Verb<ContactOptions>(
      notice, "contact", {.vi = "Xem hoặc đặt nơi nhận", .en = "show or set contacts"},
      [](CLI::App& cli, ContactOptions& options) {
        cli.add_option("unit", options.unit,
                       Help("Đơn vị; bỏ trống thì liệt kê", "the unit; none lists all"));
        cli.add_option("--email", options.email, Help("E-mail; trống là bỏ", "empty for none"));
        cli.add_option("--webhook", options.webhook, Help("URL; trống là bỏ", "empty for none"));
        cli.add_option("--secret-file", options.secret_file,
                       Help("Tệp chứa khóa whsec_…", "file with the webhook secret"))
            ->type_name(kFileType);
      },
      Contact);
}

}  // namespace dondoc::cli
