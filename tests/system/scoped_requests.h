#pragma once

#include <functional>
#include <map>
#include <string>

#include "tests/system/city.h"

namespace dondoc::testing {

// The unit that the requests below are about, and its place in the tree: units/so-khcn ─▶
// units/chi-cuc-tdc ─▶ units/tt-ky-thuat.
inline constexpr char kOwnUnit[] = "units/chi-cuc-tdc";
inline constexpr char kParentUnit[] = "units/so-khcn";
inline constexpr char kChildUnit[] = "units/tt-ky-thuat";
inline constexpr char kOtherUnit[] = "units/van-phong";

// Three inspections of kYear: one of kOwnUnit, which knows of it, and two of kUntoldUnit, which
// does not: one of the programme and an ad hoc one, which nobody announces.
inline constexpr int kYear = 2023;
inline constexpr char kUntoldUnit[] = "units/phong-qlkh";
struct Inspected {
  std::string told;
  std::string untold;
  std::string ad_hoc;
};

// Gives a City, while access is open, everything that the requests below name.
Inspected FillForScopes(City& city);

// A request about kOwnUnit, and how it is kept from those who do not reach that unit.
struct ScopedRequest {
  std::string request;
  // The reason of the refusal; "" for an answer that leaves the unit out.
  std::string hidden_by;
  // Whether an answer has the unit in it; unset: whether it names the unit.
  std::function<bool(const std::string& answer)> shows = nullptr;
};

// By the method's row in proto/access.csv: one for each whose scope is "unit" or "subtree".
std::map<std::string, ScopedRequest> ScopedRequests(City& city, const Inspected& inspected);

}  // namespace dondoc::testing
