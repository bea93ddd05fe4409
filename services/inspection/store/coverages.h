#pragma once

#include "absl/time/civil_time.h"
#include "libs/store/database.h"
#include "services/inspection/domain/coverage.h"
#include "services/inspection/domain/regulation.h"
#include "services/inspection/store/programmes.h"

// The coverage of each year, counted from what is stored.
namespace dondoc::inspection {

// As of `snapshot.today()`, for any year. What is still to come counts where `sight` has it or its
// unit knows of it, so that the number tells nobody that a visit is being prepared; findings count,
// and inspected units are named, within its reach.
Coverage CountCoverage(store::Snapshot& snapshot, int year, const Regulation& regulation,
                       const Sight& sight = {});

// Counts the coverage of every year that has a programme or a plan, and publishes those that differ
// from what was published last by more than the passing of days. To be called at the end of
// whatever may have changed one, and when a day begins.
void RefreshCoverages(store::Transaction& transaction, const Regulation& regulation);

}  // namespace dondoc::inspection
