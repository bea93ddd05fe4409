#pragma once

#include "libs/calendar/holidays.h"
#include "services/inspection/domain/share.h"
#include "services/inspection/domain/units.h"

namespace dondoc::inspection {

// What the department has decided about its inspections; comes from the settings and does not
// change while the service runs.
struct Regulation {
  // For a year whose plan names no share.
  Share default_share;
  CountingRule counting = {};
  // How many inspectors are on a team when nobody says.
  int team_size = 2;
  // How many calendar days a unit has to put a finding right.
  int remedy_days = 15;
  calendar::Holidays holidays = {};
};

}  // namespace dondoc::inspection
