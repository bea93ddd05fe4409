#include "services/notification/store/preferences.h"

#include <utility>

#include "dondoc/notification/v1/events.pb.h"
#include "services/notification/wire/convert.h"

namespace dondoc::notification {
namespace {

KeptContact ContactOf(std::string recipient, std::string email, std::string webhook_url,
                      std::string webhook_secret, bool set_by_hand, int64_t version) {
  return {.contact = {.recipient = std::move(recipient),
                      .email = std::move(email),
                      .webhook_url = std::move(webhook_url),
                      .webhook_secret = std::move(webhook_secret)},
          .set_by_hand = set_by_hand,
          .version = version};
}

}  // namespace

std::optional<KeptRules> FindRules(store::Sql& sql, const std::string& plan) {
  const auto row = sql.One<int64_t, store::Bytes>(
      "select version, body from plan_rules where plan = :plan", plan);
  if (!row) return std::nullopt;
  pb::PlanRules body;
  body.ParseFromString(std::get<1>(*row).value);
  return KeptRules{.plan = plan, .version = std::get<0>(*row), .rules = FromProto(body)};
}

KeptRules RulesFor(store::Sql& sql, const std::string& plan) {
  if (auto own = FindRules(sql, plan)) return *std::move(own);
  return FindRules(sql, std::string(kEveryPlan)).value_or(KeptRules{});
}

void PutRules(store::Transaction& transaction, const KeptRules& rules) {
  pb::PlanRulesChanged changed;
  *changed.mutable_rules() = ToProto(rules.rules, rules.plan, rules.version);
  pb::PlanRules body = changed.rules();
  body.clear_etag();
  transaction.sql().Run(
      "insert into plan_rules (plan, version, body) values (:plan, :version, :body) "
      "on conflict (plan) do update set version = excluded.version, body = excluded.body",
      rules.plan, rules.version, store::Bytes{body.SerializeAsString()});
  transaction.Emit({.type = "dondoc.notification.rules.set",
                    .name = rules.plan,
                    .version = rules.version,
                    .schema = changed.GetTypeName(),
                    .payload = changed.SerializeAsString()});
}

const PlanRules& RuleBook::For(const std::string& plan) {
  const auto found = by_plan_.find(plan);
  if (found != by_plan_.end()) return found->second;
  return by_plan_.emplace(plan, RulesFor(sql_, plan).rules).first->second;
}

KeptContact FindContact(store::Sql& sql, const std::string& recipient) {
  auto row = sql.One<std::string, std::string, std::string, std::string, bool, int64_t>(
      "select recipient, email, webhook_url, webhook_secret, set_by_hand, version from contacts "
      "where recipient = :recipient",
      recipient);
  if (!row) return {.contact = {.recipient = recipient}};
  return std::apply(ContactOf, *std::move(row));
}

std::vector<Contact> ContactsAfter(store::Sql& sql, const std::string& after, int64_t limit) {
  std::vector<Contact> contacts;
  sql.ForEach<std::string, std::string, std::string>(
      "select recipient, email, webhook_url from contacts where recipient > :after "
      "order by recipient limit :limit",
      [&](std::string recipient, std::string email, std::string webhook_url) {
        contacts.push_back({.recipient = std::move(recipient),
                            .email = std::move(email),
                            .webhook_url = std::move(webhook_url)});
      },
      after, limit);
  return contacts;
}

void PutContact(store::Transaction& transaction, const KeptContact& kept) {
  const Contact& contact = kept.contact;
  transaction.sql().Run(
      "insert into contacts (recipient, email, webhook_url, webhook_secret, set_by_hand, version) "
      "values (:recipient, :email, :webhook_url, :webhook_secret, :set_by_hand, :version) "
      "on conflict (recipient) do update set email = excluded.email, webhook_url = "
      "excluded.webhook_url, webhook_secret = excluded.webhook_secret, set_by_hand = "
      "excluded.set_by_hand, version = excluded.version",
      contact.recipient, contact.email, contact.webhook_url, contact.webhook_secret,
      kept.set_by_hand, kept.version);
  pb::ContactChanged changed;
  *changed.mutable_contact() = ToProto(contact);
  transaction.Emit({.type = "dondoc.notification.contact.set",
                    .name = ContactName(contact.recipient),
                    .version = kept.version,
                    .schema = changed.GetTypeName(),
                    .payload = changed.SerializeAsString()});
}

}  // namespace dondoc::notification
