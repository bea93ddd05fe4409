#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/rpc/gate.h"
#include "libs/store/database.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/submission.h"
#include "services/registry/wire/convert.h"

// What several handlers ask before they begin.
namespace dondoc::registry {

// ETAG_STALE unless `given` is empty or the etag of `version`.
inline absl::Status CheckEtag(absl::string_view name, absl::string_view given, int64_t version) {
  const std::string current = EtagOf(version);
  if (given.empty() || given == current) return absl::OkStatus();
  return error::EtagStale(name, current);
}

inline Act ActOf(const rpc::Call& call, const store::Snapshot& snapshot) {
  return {.actor = call.actor, .now = snapshot.now(), .today = snapshot.today()};
}

}  // namespace dondoc::registry
