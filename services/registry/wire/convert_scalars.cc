#include "absl/strings/str_cat.h"
#include "libs/calendar/dates.h"
#include "services/registry/domain/errors.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {
namespace {

// The value of the domain that `ToProto` turns into `value`. ToProto() is a total switch, so a
// value that the domain gains cannot be forgotten there; the last value of each enum stands at the
// call.
template <typename Domain>
absl::StatusOr<Domain> ReadEnum(absl::string_view field, int value, Domain last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto candidate = static_cast<Domain>(i);
    if (static_cast<int>(ToProto(candidate)) == value) return candidate;
  }
  return error::EnumInvalid(field, value);
}

}  // namespace

pb::UnitKind ToProto(UnitKind kind) {
  switch (kind) {
    case UnitKind::kDepartment:
      return pb::UNIT_KIND_DEPARTMENT;
    case UnitKind::kOffice:
      return pb::UNIT_KIND_OFFICE;
    case UnitKind::kDivision:
      return pb::UNIT_KIND_DIVISION;
    case UnitKind::kInspectorate:
      return pb::UNIT_KIND_INSPECTORATE;
    case UnitKind::kSubDepartment:
      return pb::UNIT_KIND_SUB_DEPARTMENT;
    case UnitKind::kPublicServiceUnit:
      return pb::UNIT_KIND_PUBLIC_SERVICE_UNIT;
    case UnitKind::kExternal:
      return pb::UNIT_KIND_EXTERNAL;
  }
  return pb::UNIT_KIND_UNSPECIFIED;
}

pb::Progress ToProto(Progress progress) {
  switch (progress) {
    case Progress::kNotStarted:
      return pb::PROGRESS_NOT_STARTED;
    case Progress::kInProgress:
      return pb::PROGRESS_IN_PROGRESS;
    case Progress::kSubmitted:
      return pb::PROGRESS_SUBMITTED;
    case Progress::kDone:
      return pb::PROGRESS_DONE;
    case Progress::kSuspended:
      return pb::PROGRESS_SUSPENDED;
    case Progress::kNotArising:
      return pb::PROGRESS_NOT_ARISING;
  }
  return pb::PROGRESS_UNSPECIFIED;
}

pb::Timeliness ToProto(Timeliness timeliness) {
  switch (timeliness) {
    case Timeliness::kNotYetOpen:
      return pb::TIMELINESS_NOT_YET_OPEN;
    case Timeliness::kInTime:
      return pb::TIMELINESS_IN_TIME;
    case Timeliness::kDueSoon:
      return pb::TIMELINESS_DUE_SOON;
    case Timeliness::kOverdue:
      return pb::TIMELINESS_OVERDUE;
    case Timeliness::kDoneEarly:
      return pb::TIMELINESS_DONE_EARLY;
    case Timeliness::kDoneOnTime:
      return pb::TIMELINESS_DONE_ON_TIME;
    case Timeliness::kDoneLate:
      return pb::TIMELINESS_DONE_LATE;
  }
  return pb::TIMELINESS_UNSPECIFIED;
}

pb::PartyKind ToProto(PartyKind kind) {
  switch (kind) {
    case PartyKind::kUnit:
      return pb::PARTY_KIND_UNIT;
    case PartyKind::kGroup:
      return pb::PARTY_KIND_GROUP;
    case PartyKind::kExternal:
      return pb::PARTY_KIND_EXTERNAL;
  }
  return pb::PARTY_KIND_UNSPECIFIED;
}

pb::Outcome ToProto(Outcome outcome) {
  switch (outcome) {
    case Outcome::kProduced:
      return pb::OUTCOME_PRODUCED;
    case Outcome::kNotArising:
      return pb::OUTCOME_NOT_ARISING;
    case Outcome::kForwarded:
      return pb::OUTCOME_FORWARDED;
  }
  return pb::OUTCOME_UNSPECIFIED;
}

absl::StatusOr<UnitKind> ReadUnitKind(absl::string_view field, int value) {
  return ReadEnum(field, value, UnitKind::kExternal);
}
absl::StatusOr<Progress> ReadProgress(absl::string_view field, int value) {
  return ReadEnum(field, value, Progress::kNotArising);
}
absl::StatusOr<Timeliness> ReadTimeliness(absl::string_view field, int value) {
  return ReadEnum(field, value, Timeliness::kDoneLate);
}
absl::StatusOr<PartyKind> ReadPartyKind(absl::string_view field, int value) {
  return ReadEnum(field, value, PartyKind::kExternal);
}
absl::StatusOr<Outcome> ReadOutcome(absl::string_view field, int value) {
  return ReadEnum(field, value, Outcome::kForwarded);
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp message;
  const int64_t seconds = absl::ToUnixSeconds(time);
  message.set_seconds(seconds);
  message.set_nanos(
      static_cast<int32_t>((time - absl::FromUnixSeconds(seconds)) / absl::Nanoseconds(1)));
  return message;
}

absl::Time RestoreTime(const google::protobuf::Timestamp& message) {
  return absl::FromUnixSeconds(message.seconds()) + absl::Nanoseconds(message.nanos());
}

std::string DateText(const std::optional<absl::CivilDay>& date) {
  return date ? calendar::FormatDate(*date) : "";
}

absl::CivilDay RestoreDate(const std::string& text) {
  return calendar::ParseDate("body", text).value();
}

std::optional<absl::CivilDay> RestoreOptionalDate(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return RestoreDate(text);
}

std::string EtagOf(int64_t version) { return absl::StrCat("\"", version, "\""); }

}  // namespace dondoc::registry
