#pragma once

#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "tests/system/city.h"

// What the tables of bad requests to each service share.
namespace dondoc::testing {

constexpr absl::StatusCode kBad = absl::StatusCode::kInvalidArgument;
constexpr absl::StatusCode kNotNow = absl::StatusCode::kFailedPrecondition;

// "Công nghệ" as TCVN3 bytes, which are no UTF-8. No client library but that of C++ sends them in a
// field of text.
constexpr char kTcvn3[] = "C\xabng ngh\xd6";

// A good request, spoiled in one place.
template <typename Request, typename Spoil>
Request With(Request request, Spoil spoil) {
  spoil(request);
  return request;
}

class BadRequests : public ::testing::Test {
 protected:
  BadRequests() {
    city_.AddUnits();
    city_.ImportPlan();
  }

  template <typename Stub, typename Request, typename Response>
  absl::Status Refused(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
                       const Request& request) {
    return city_.Call(method, request).status();
  }

  template <typename Stub, typename Request, typename Response, typename Spoil>
  absl::Status RefusedList(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
                           Spoil spoil) {
    return city_.Call(method, With(Request(), spoil)).status();
  }

  City city_;
};

}  // namespace dondoc::testing
