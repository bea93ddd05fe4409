#pragma once

#include <gmock/gmock.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/base/refusal.h"

// Matchers for tests: EXPECT_THAT(result, IsOk()); EXPECT_THAT(result, Refuses("UNIT_CYCLE")).
// Debian bookworm's abseil (20220623) has none of its own yet.
namespace dondoc::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

MATCHER(IsOk, "") {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).ok();
}

MATCHER_P(StatusIs, code, "") {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).code() == code;
}

// The stable machine-readable reason of a refusal.
MATCHER_P(Refuses, reason, "") {
  *result_listener << StatusOf(arg);
  return ReasonOf(StatusOf(arg)) == std::string(reason);
}

}  // namespace dondoc::testing
