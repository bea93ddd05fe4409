#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "tests/system/city.h"

// What people do in a City, and what they look at. Each request has a request id of its own, so
// that it may be sent again.
namespace dondoc::testing {

// What one unit owes for one phase of a task of the 2023 plan.
struct Work {
  int task = 0;
  int phase = 1;
  std::string unit = "van-phong";
};
std::string NameOf(const Work& work);

registry_pb::AddUnitRequest AddUnit(const std::string& id);
registry_pb::ReportProgressRequest Report(const Work& work, int percent);
// With one document of 01/02/2023 as evidence.
registry_pb::SubmitResultRequest Submit(const Work& work);
registry_pb::AcceptResultRequest Accept(const Work& work);

// A sum that nobody has recorded anything for.
kpi_pb::DefineIndicatorRequest DefineIndicator(const std::string& id);
notification_pb::SetContactRequest SetContact(const std::string& unit);

// The unit hands in its result, and the director accepts it.
void SettleResult(City& city, const Work& work);

registry_pb::Assignment AssignmentOf(City& city, const Work& work);
// All that are in force.
std::vector<registry_pb::Assignment> AllAssignments(City& city);

// A figure of Văn phòng; its key is its date.
kpi_pb::Observation Observe(const std::string& indicator, const std::string& date,
                            const std::string& numerator, const std::string& denominator);
absl::StatusOr<kpi_pb::RecordObservationsResponse> Record(
    City& city, const std::vector<kpi_pb::Observation>& observations);

// The value of an indicator for the whole register, "" where there is none: "855/1000".
std::string ValueOf(City& city, const std::string& indicator, const std::string& period = "2023");

// The programme of 2023 from today on, with two teams from two branches: proposed and approved.
// Returns its inspections.
std::vector<inspection_pb::Inspection> ApproveProgramme(City& city);
// Notified, done without findings and concluded, all today.
void Inspect(City& city, const std::string& inspection);
inspection_pb::Coverage CoverageOf(City& city, int year);
// How many of the illustrative units can be inspected.
inline constexpr int kUnitsCountedOfThePlan = 9;

std::vector<notification_pb::Notice> AllNotices(City& city,
                                                const std::string& recipient = "units/van-phong");
// Those about one piece of work, of one kind.
std::vector<notification_pb::Notice> NoticesAbout(City& city, const Work& work,
                                                  notification_pb::NoticeKind kind);
// The next notice of each open deadline, by the name of what is due.
std::vector<notification_pb::Notice> Upcoming(City& city, const std::string& recipient = "");

}  // namespace dondoc::testing
