#pragma once

#include <string>

#include "libs/metrics/metrics.h"

namespace dondoc::process {

// Tells when the last whole backup began: the number that deploy/backup leaves in `file`, read anew
// whenever it is asked for, because a backup is another process. 0 while there is none, or nothing
// that can be read; no metric at all where `file` is empty: backups are made by other means.
void AddLastBackupGauge(const std::string& file, metrics::Registry& metrics);

}  // namespace dondoc::process
