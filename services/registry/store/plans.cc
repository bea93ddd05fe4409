#include "services/registry/store/plans.h"

#include <utility>

#include "dondoc/registry/v1/events.pb.h"
#include "services/registry/domain/errors.h"
#include "services/registry/store/body.h"

namespace dondoc::registry {

using store::Bytes;

absl::StatusOr<Stored<pb::Plan>> FindPlan(store::Snapshot& snapshot, absl::string_view id) {
  const auto row =
      snapshot.sql().One<int64_t, Bytes>("select version, body from plans where id = :id", id);
  if (!row) return error::PlanNotFound(id);
  return Stored<pb::Plan>{Decode<pb::Plan>(std::get<1>(*row)), std::get<0>(*row)};
}

bool PlanExists(store::Snapshot& snapshot, absl::string_view id) {
  return snapshot.sql().Value<int64_t>("select 1 from plans where id = :id", id).has_value();
}

void SaveDocument(store::Transaction& transaction, absl::string_view sha256,
                  absl::string_view bytes) {
  transaction.sql().Run(
      "insert into documents (sha256, bytes) values (:sha256, :bytes) "
      "on conflict (sha256) do nothing",
      sha256, Bytes{std::string(bytes)});
}

void SavePlan(store::Transaction& transaction, Stored<pb::Plan>& plan, absl::string_view verb) {
  plan.value.set_etag(EtagOf(++plan.version));
  transaction.sql().Run(
      "insert into plans (id, version, document, body) values (:id, :version, :document, :body) "
      "on conflict (id) do update set version = excluded.version, body = excluded.body",
      ParsePlanName("body", plan.value.name()).value(), plan.version, plan.value.document_sha256(),
      Encode(plan.value));
  pb::PlanChanged event;
  *event.mutable_plan() = plan.value;
  Emit(transaction,
       {.noun = "plan", .verb = verb, .name = plan.value.name(), .version = plan.version}, event);
}

std::vector<pb::Plan> ListPlanBodies(store::Snapshot& snapshot, absl::string_view after_id,
                                     int64_t limit) {
  std::vector<pb::Plan> plans;
  snapshot.sql().ForEach<Bytes>(
      "select body from plans where id > :after order by id limit :limit",
      [&](const Bytes& body) { plans.push_back(Decode<pb::Plan>(body)); }, after_id, limit);
  return plans;
}

void SaveGroupKinds(store::Transaction& transaction, absl::string_view plan,
                    const pb::GroupRule& rule) {
  transaction.sql().Run("delete from group_kinds where plan = :plan and group_text = :group_text",
                        plan, rule.group_text());
  for (const int kind : rule.kinds()) {
    transaction.sql().Run(
        "insert into group_kinds (plan, group_text, kind) values (:plan, :group_text, :kind) "
        "on conflict (plan, group_text, kind) do nothing",
        plan, rule.group_text(), kind);
  }
}

std::vector<GroupOfKind> GroupsOfKind(store::Snapshot& snapshot, UnitKind kind) {
  std::vector<GroupOfKind> groups;
  snapshot.sql().ForEach<std::string, std::string>(
      "select plan, group_text from group_kinds where kind = :kind order by plan, group_text",
      [&](std::string plan, std::string group_text) {
        groups.push_back({std::move(plan), std::move(group_text)});
      },
      ToProto(kind));
  return groups;
}

absl::StatusOr<Stored<PeriodicReport>> FindReport(store::Snapshot& snapshot, const ReportKey& key) {
  const auto row = snapshot.sql().One<int64_t, Bytes>(
      "select version, body from periodic_reports where plan = :plan and period = :period",
      key.plan, key.period);
  if (!row) return error::ReportNotFound(key);
  return Stored<PeriodicReport>{RestoreReport(Decode<pb::PeriodicReport>(std::get<1>(*row))),
                                std::get<0>(*row)};
}

pb::PeriodicReport SaveReport(store::Transaction& transaction, Stored<PeriodicReport>& report,
                              absl::string_view verb) {
  const ReportKey& key = report.value.key;
  pb::PeriodicReportChanged event;
  *event.mutable_report() = ToProto(report.value, ++report.version);
  transaction.sql().Run(
      "insert into periodic_reports (plan, period, version, due_date, body) "
      "values (:plan, :period, :version, :due_date, :body) "
      "on conflict (plan, period) do update set version = excluded.version, "
      "due_date = excluded.due_date, body = excluded.body",
      key.plan, key.period, report.version, event.report().due_date(), Encode(event.report()));
  Emit(transaction,
       {.noun = "report", .verb = verb, .name = event.report().name(), .version = report.version},
       event);
  return std::move(*event.mutable_report());
}

std::vector<pb::PeriodicReport> ListReportBodies(store::Snapshot& snapshot,
                                                 absl::string_view plan) {
  std::vector<pb::PeriodicReport> reports;
  snapshot.sql().ForEach<Bytes>(
      "select body from periodic_reports where plan = :plan order by due_date, period",
      [&](const Bytes& body) { reports.push_back(Decode<pb::PeriodicReport>(body)); }, plan);
  return reports;
}

}  // namespace dondoc::registry
