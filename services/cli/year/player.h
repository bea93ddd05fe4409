#pragma once

#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libs/base/clock.h"
#include "services/cli/year/agenda.h"
#include "services/cli/year/apis.h"
#include "services/cli/year/script.h"

namespace dondoc::cli::year {

struct PlayerOptions {
  int year = 0;
  // The last day that is played, inclusive; in January of the next year, so that the year's end
  // shows.
  absl::CivilDay last_day;
  // Runs "<command> kill|start <service>"; empty where services are not ours to kill.
  std::string service_command;
};

// Plays a year on a running system: waits for each day on the clock that the services share, and
// does through the APIs what the script's units do on that day. Prints what happens, month by
// month.
//
// It keeps nothing and decides nothing: state is in the services, behaviour in the script. Not
// thread-safe.
class Player {
 public:
  // Borrows all.
  Player(const Script& script, const PlayerOptions& options, const Clock& clock, Actors& actors,
         std::ostream& out);

  // Until the last day has been played. What a service refuses is printed and counted, because the
  // others go on; a service that is away is asked again the next day. An error means that the year
  // could not begin (no plan, a script that names what does not exist).
  absl::Status Play();

 private:
  absl::Status Prepare();
  absl::Status PlanObligations(absl::CivilDay from);
  void Add(std::vector<DatedAct> acts);
  void WaitFor(absl::CivilDay date) const;
  void Perform(const DatedAct& act);

  absl::Status Do(const ReportAct& act);
  absl::Status Do(const SubmitAct& act);
  absl::Status Do(const ReviewAct& act);
  absl::Status Do(const MeasureAct& act);
  absl::Status Do(const EventLine& event);

  // What "at DATE VERB …" can say.
  absl::Status MoveDeadline(const EventLine& event);
  absl::Status Merge(const EventLine& event);
  absl::Status ControlService(const EventLine& event);
  absl::Status ProposeProgramme(const EventLine& event);
  absl::Status ApproveProgramme(const EventLine& event);
  absl::Status PlanInspections();
  absl::Status AddInspection(const EventLine& event);
  absl::Status StepInspection(const EventLine& event);
  absl::Status DeliverReport(const EventLine& event);
  absl::Status PlanReports(absl::CivilDay from);

  void TellHowFarBehind();
  void PrintMonth(absl::CivilDay first_of_next);
  void Tell(absl::CivilDay date, const std::string& what);

  const Script& script_;
  const PlayerOptions options_;
  const Clock& clock_;
  Actors& actors_;
  std::ostream& out_;

  // By day, in the order in which they were added.
  std::map<absl::CivilDay, std::vector<Act>> agenda_;
  absl::CivilDay today_;
  std::map<std::string, std::string> indicator_by_target_;
  // Calls of the month, and of them those refused.
  int64_t calls_ = 0;
  int64_t refused_ = 0;
  // How far the clock was ahead of the day that was played, at the worst.
  int64_t days_behind_max_ = 0;
};

}  // namespace dondoc::cli::year
