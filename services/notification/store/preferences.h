#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/store/database.h"
#include "services/notification/domain/contact.h"
#include "services/notification/domain/plan_rules.h"

namespace dondoc::notification {

// Rules as they are kept, with their version: 0 for the built-in ones.
struct KeptRules {
  std::string plan = std::string(kEveryPlan);
  int64_t version = 0;
  PlanRules rules = {};
};

// The rules of exactly this plan; nothing when it has none of its own.
std::optional<KeptRules> FindRules(store::Sql& sql, const std::string& plan);
// The rules that hold for a plan: its own, else the general ones, else the built-in ones.
KeptRules RulesFor(store::Sql& sql, const std::string& plan);
// Stores them and emits rules.set.
void PutRules(store::Transaction& transaction, const KeptRules& rules);

// RulesFor() for many deadlines of a few plans, read once each.
class RuleBook {
 public:
  explicit RuleBook(store::Sql& sql) : sql_(sql) {}
  const PlanRules& For(const std::string& plan);

 private:
  store::Sql& sql_;
  std::map<std::string, PlanRules> by_plan_;
};

// A contact as it is kept.
struct KeptContact {
  Contact contact = {};
  // Whether somebody entered it here: then the e-mail of the register no longer counts.
  bool set_by_hand = false;
  int64_t version = 0;
};

// An empty contact of version 0 when there is none.
KeptContact FindContact(store::Sql& sql, const std::string& recipient);
// Those after `after` by the name of their recipient.
std::vector<Contact> ContactsAfter(store::Sql& sql, const std::string& after, int64_t limit);
// Stores it and emits contact.set, without the secret.
void PutContact(store::Transaction& transaction, const KeptContact& contact);

}  // namespace dondoc::notification
