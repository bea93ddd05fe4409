#include <set>
#include <utility>

#include "libs/base/status_macros.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"
#include "services/registry/domain/names.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {
namespace {

using Names = google::protobuf::RepeatedPtrField<std::string>;
using ExclusionMessages = google::protobuf::RepeatedPtrField<pb::Exclusion>;

pb::Party ToProto(const Party& party) {
  pb::Party message;
  message.set_kind(ToProto(party.kind));
  message.set_text(party.text);
  message.set_unit(UnitName(party.unit));
  return message;
}

Party RestoreParty(const pb::Party& message) {
  return {.kind = ReadPartyKind("body", message.kind()).value(),
          .text = message.text(),
          .unit = message.unit().empty() ? "" : ParseUnitName("body", message.unit()).value()};
}

pb::DeadlineMove ToProto(const DeadlineMove& move) {
  pb::DeadlineMove message;
  message.set_old_due_date(DateText(move.old_due));
  message.set_new_due_date(DateText(move.new_due));
  message.set_document(move.document);
  message.set_reason(move.reason);
  message.set_actor(move.actor);
  *message.mutable_move_time() = ToTimestamp(move.move_time);
  return message;
}

DeadlineMove RestoreMove(const pb::DeadlineMove& message) {
  return {.old_due = RestoreDate(message.old_due_date()),
          .new_due = RestoreDate(message.new_due_date()),
          .document = message.document(),
          .reason = message.reason(),
          .actor = message.actor(),
          .move_time = RestoreTime(message.move_time())};
}

pb::Phase ToProto(const TaskKey& task, const Phase& phase) {
  pb::Phase message;
  message.set_name(NameOf(PhaseKey{.task = task, .ordinal = phase.ordinal}));
  message.set_label(phase.label);
  message.set_time_text(phase.time_text);
  message.set_window_start(DateText(phase.window_start));
  message.set_due_date(DateText(phase.due));
  message.set_printed_due_date(DateText(phase.printed_due));
  for (const DeadlineMove& move : phase.moves) *message.add_deadline_moves() = ToProto(move);
  message.set_assignment_count(phase.assignment_count);
  message.set_done_count(phase.done_count);
  message.set_completed_date(DateText(phase.completed));
  message.set_progress(ToProto(phase.progress));
  return message;
}

Phase RestorePhase(const pb::Phase& message) {
  Phase phase;
  phase.ordinal = ParsePhaseName("body", message.name()).value().ordinal;
  phase.label = message.label();
  phase.time_text = message.time_text();
  phase.window_start = RestoreDate(message.window_start());
  phase.due = RestoreDate(message.due_date());
  phase.printed_due = RestoreDate(message.printed_due_date());
  for (const pb::DeadlineMove& move : message.deadline_moves()) {
    phase.moves.push_back(RestoreMove(move));
  }
  phase.assignment_count = message.assignment_count();
  phase.done_count = message.done_count();
  phase.completed = RestoreOptionalDate(message.completed_date());
  phase.progress = ReadProgress("body", message.progress()).value();
  return phase;
}

pb::GroupResolution ToProto(const GroupResolution& resolution) {
  pb::GroupResolution message;
  for (const std::string& unit : resolution.units) message.add_units(UnitName(unit));
  for (const Exclusion& exclusion : resolution.exclusions) {
    pb::Exclusion& added = *message.add_exclusions();
    added.set_unit(UnitName(exclusion.unit));
    added.set_reason(exclusion.reason);
  }
  message.set_actor(resolution.actor);
  *message.mutable_resolve_time() = ToTimestamp(resolution.resolve_time);
  message.set_by_rule(resolution.by_rule);
  return message;
}

// How many units a request may name. A resolution by rule may hold any number of them.
absl::Status CheckCount(absl::string_view field, int count) {
  if (count <= static_cast<int>(kUnitsPerRequestMax)) return absl::OkStatus();
  return error::TooManyItems(field, static_cast<size_t>(count), kUnitsPerRequestMax);
}

absl::StatusOr<std::vector<std::string>> UnitIdsOf(absl::string_view field, const Names& names) {
  std::vector<std::string> ids;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(std::string id, ParseUnitName(field, name));
    ids.push_back(std::move(id));
  }
  return ids;
}

absl::StatusOr<std::vector<Exclusion>> ExclusionsOf(const ExclusionMessages& messages) {
  std::vector<Exclusion> exclusions;
  for (const pb::Exclusion& message : messages) {
    ASSIGN_OR_RETURN(std::string unit, ParseUnitName("exclusions.unit", message.unit()));
    exclusions.push_back({.unit = std::move(unit), .reason = message.reason()});
  }
  return exclusions;
}

GroupResolution RestoreResolution(const pb::GroupResolution& message) {
  return {.units = UnitIdsOf("body", message.units()).value(),
          .exclusions = ExclusionsOf(message.exclusions()).value(),
          .actor = message.actor(),
          .resolve_time = RestoreTime(message.resolve_time()),
          .by_rule = message.by_rule()};
}

}  // namespace

pb::Task ToProto(const Task& task, int64_t version, absl::CivilDay today) {
  pb::Task message;
  message.set_name(NameOf(task.key));
  message.set_etag(EtagOf(version));
  message.set_number(task.key.number);
  message.set_section(task.section);
  message.set_content_text(task.cells.content);
  message.set_product_text(task.cells.product);
  message.set_lead_text(task.cells.lead);
  message.set_coordinator_text(task.cells.coordinator);
  message.set_time_text(task.cells.time);
  for (const Party& lead : task.leads) *message.add_leads() = ToProto(lead);
  for (const Party& party : task.coordinators) *message.add_coordinators() = ToProto(party);
  message.set_no_coordinator(task.no_coordinator);
  for (const Phase& phase : task.phases) *message.add_phases() = ToProto(task.key, phase);
  message.set_conditional_product(task.conditional_product);
  if (task.resolution) *message.mutable_resolution() = ToProto(*task.resolution);
  Derive(message, today);
  return message;
}

Task RestoreTask(const pb::Task& message) {
  Task task;
  task.key = ParseTaskName("body", message.name()).value();
  task.section = message.section();
  task.cells = {.content = message.content_text(),
                .product = message.product_text(),
                .lead = message.lead_text(),
                .coordinator = message.coordinator_text(),
                .time = message.time_text()};
  for (const pb::Party& lead : message.leads()) task.leads.push_back(RestoreParty(lead));
  for (const pb::Party& party : message.coordinators()) {
    task.coordinators.push_back(RestoreParty(party));
  }
  task.no_coordinator = message.no_coordinator();
  for (const pb::Phase& phase : message.phases()) task.phases.push_back(RestorePhase(phase));
  task.conditional_product = message.conditional_product();
  if (message.has_resolution()) task.resolution = RestoreResolution(message.resolution());
  return task;
}

void Derive(pb::Task& message, absl::CivilDay today) {
  std::optional<Progress> progress;
  std::optional<Timeliness> timeliness;
  for (pb::Phase& phase : *message.mutable_phases()) {
    const Dates dates = {.window_start = RestoreDate(phase.window_start()),
                         .due = RestoreDate(phase.due_date()),
                         .submitted = {},
                         .completed = RestoreOptionalDate(phase.completed_date())};
    const Timeliness of_phase = TimelinessOf(dates, today);
    const Progress how_far = ReadProgress("body", phase.progress()).value();
    phase.set_timeliness(ToProto(of_phase));
    progress = progress ? LeastAdvanced(*progress, how_far) : how_far;
    timeliness = timeliness ? Worse(*timeliness, of_phase) : of_phase;
  }
  message.set_progress(progress ? ToProto(*progress) : pb::PROGRESS_UNSPECIFIED);
  message.set_timeliness(timeliness ? ToProto(*timeliness) : pb::TIMELINESS_UNSPECIFIED);
}

absl::StatusOr<std::vector<Exclusion>> ReadExclusions(const ExclusionMessages& exclusions) {
  RETURN_IF_ERROR(CheckCount("exclusions", exclusions.size()));
  return ExclusionsOf(exclusions);
}

absl::StatusOr<std::vector<std::string>> ReadUnitNames(absl::string_view field,
                                                       const Names& names) {
  RETURN_IF_ERROR(CheckCount(field, names.size()));
  return UnitIdsOf(field, names);
}

}  // namespace dondoc::registry
