#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/system/city.h"

namespace dondoc::testing {

// One bad request and what it has to get.
struct Refusal {
  std::string what;
  absl::Status got;
  absl::StatusCode code = absl::StatusCode::kInvalidArgument;
  // "" where gRPC itself refuses, before any of our code has seen the request.
  std::string reason;
};

// Fails the test for each that has another code or reason, or no sentence for people: Vietnamese
// first, English in parentheses, and nothing of the machine's inside.
void ExpectRefused(const std::vector<Refusal>& refusals);

}  // namespace dondoc::testing
