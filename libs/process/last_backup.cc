#include "libs/process/last_backup.h"

#include <cstdint>
#include <fstream>

#include "absl/strings/numbers.h"

namespace dondoc::process {
namespace {

double LastBackupIn(const std::string& file) {
  std::string line;
  std::getline(std::ifstream(file), line);
  int64_t seconds = 0;
  return absl::SimpleAtoi(line, &seconds) && seconds > 0 ? static_cast<double>(seconds) : 0;
}

}  // namespace

void AddLastBackupGauge(const std::string& file, metrics::Registry& metrics) {
  if (file.empty()) return;
  metrics.AddGaugeFunction({.name = "dondoc_backup_last_success_timestamp_seconds",
                            .help = "When the last whole backup began, since 1970; 0 for none."},
                           [file] { return LastBackupIn(file); });
}

}  // namespace dondoc::process
