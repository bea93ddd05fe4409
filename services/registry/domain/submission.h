#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace dondoc::registry {

// How a submitted result ends the obligation. kForwarded: the unit's part is done when the
// submission to a higher body (tờ trình) is sent.
enum class Outcome { kProduced, kNotArising, kForwarded };

// A document that shows a result. Only what identifies it is kept, never the file.
struct Evidence {
  std::string document_number;
  absl::CivilDay document_date;
  std::string link;
  std::string sha256;
  std::string note;
  bool operator==(const Evidence&) const = default;
};

// What a unit hands in, uncleaned.
struct NewSubmission {
  Outcome outcome = Outcome::kProduced;
  std::string reason;
  std::vector<Evidence> evidence;
};

// Who does something, and when. `now` and `today` are the same moment; both travel, so that a
// domain rule never asks for a time zone.
struct Act {
  std::string actor;
  absl::Time now;
  absl::CivilDay today;
};

struct Submission {
  absl::CivilDay submitted_date;
  Outcome outcome = Outcome::kProduced;
  std::string reason;
  std::vector<Evidence> evidence;
  std::string actor;
  absl::Time submit_time;
};

// Cleans and checks what is handed in: a reason where nothing arose, else at least one document,
// none of them dated after today.
absl::StatusOr<Submission> MakeSubmission(NewSubmission fields, const Act& act);

// Work that was put off (tạm hoãn), why, and why it goes on again. In force until it was resumed.
struct Suspension {
  std::string reason;
  std::string actor;
  absl::Time suspend_time;
  std::string resume_reason = {};
  std::string resume_actor = {};
  std::optional<absl::Time> resume_time = {};
};

struct Review {
  bool accepted = false;
  std::string reason;
  std::string actor;
  absl::Time review_time;
};

}  // namespace dondoc::registry
