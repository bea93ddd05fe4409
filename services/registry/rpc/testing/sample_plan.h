#pragma once

#include <string>

namespace dondoc::registry::testing {

// A small plan for 2023 in the form of a signed one. Its department and its units are illustrative.
//
//   1  Văn phòng                              two phases: to 31/03, and the year
//   2  Các phòng, đơn vị có liên quan         to 30/04
//   3  Các đơn vị                             a conditional product, the year
//   4  Văn phòng and Chi cục Đo lường         the year, nobody coordinates
//   5  Các đơn vị, with an external body      to 30/09
std::string SamplePlan();

// The same with other rows between the headings of section I and the total.
std::string SamplePlanWithRows(const std::string& rows, int total);

// The rows of SamplePlan().
std::string SampleRows();

}  // namespace dondoc::registry::testing
