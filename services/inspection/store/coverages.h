#pragma once

#include "absl/time/civil_time.h"
#include "libs/store/database.h"
#include "services/inspection/domain/coverage.h"
#include "services/inspection/domain/regulation.h"

// The coverage of each year, counted from what is stored.
namespace dondoc::inspection {

// As of `snapshot.today()`, for any year.
Coverage CountCoverage(store::Snapshot& snapshot, int year, const Regulation& regulation);

// Counts the coverage of every year that has a programme or a plan, and publishes those that differ
// from what was published last by more than the passing of days. To be called at the end of
// whatever may have changed one, and when a day begins.
void RefreshCoverages(store::Transaction& transaction, const Regulation& regulation);

}  // namespace dondoc::inspection
