#include "services/kpi/store/value_cache.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/ids.h"
#include "libs/store/lease.h"

namespace dondoc::kpi {
namespace {

// Values are invalidated by their revision and not by age; they expire so that keys of periods and
// units nobody asks for any more go away.
constexpr absl::Duration kValueLife = absl::Hours(24);
constexpr absl::Duration kMarkLife = absl::Hours(12);
constexpr char kMarkKey[] = "dondoc:kpi:complete";

// Everything but when it was computed and from where.
std::string Essence(pb::Value value) {
  value.clear_compute_time();
  value.clear_from_cache();
  return value.SerializeAsString();
}

ValueName NameOf(const pb::Value& value) {
  return {.indicator = value.indicator(), .unit = value.unit(), .period = value.period()};
}

}  // namespace

void ValueCache::FollowRun(store::Snapshot& snapshot) {
  const auto lease = store::ReadLease(snapshot, "duty");
  if (!lease) return;
  // Any eight bytes of a hash are as good a number as another.
  uint64_t run = 0;
  for (const char byte : Sha256(lease->holder).substr(0, sizeof(run))) {
    run = run << 8 | static_cast<unsigned char>(byte);
  }
  run_ = run % kRuns;
}

std::string ValueCache::KeyOf(const ValueName& name) {
  const absl::string_view unit = absl::StripPrefix(name.unit, "units/");
  return absl::StrCat("dondoc:kpi:value:", absl::StripPrefix(name.indicator, "indicators/"), ":",
                      unit.empty() ? "_" : unit, ":", name.period);
}

uint64_t ValueCache::SourceVersion(int64_t revision) const {
  constexpr int kRevisionBits = 40;
  return (run_ << kRevisionBits) | static_cast<uint64_t>(revision);
}

std::vector<std::optional<pb::Value>> ValueCache::Get(const std::vector<Wanted>& wanted) {
  std::vector<std::string> keys;
  keys.reserve(wanted.size());
  for (const Wanted& one : wanted) keys.push_back(KeyOf(one.name));
  const std::vector<cache::Lookup> found = cache_.MultiGet(keys);
  std::vector<std::optional<pb::Value>> values;
  values.reserve(wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) values.push_back(Believe(wanted[i], found[i]));
  return values;
}

std::optional<pb::Value> ValueCache::Believe(const Wanted& wanted,
                                             const cache::Lookup& found) const {
  if (!found.hit() || found.source_version != SourceVersion(wanted.revision)) return std::nullopt;
  pb::Value value;
  if (!value.ParseFromString(found.payload) || NameOf(value) != wanted.name) return std::nullopt;
  value.set_from_cache(true);
  return value;
}

std::vector<ValueCache::Finding> ValueCache::Compare(const std::vector<pb::Value>& values) {
  std::vector<std::string> keys;
  for (const pb::Value& value : values) keys.push_back(KeyOf(NameOf(value)));
  const std::vector<cache::Lookup> found = cache_.MultiGet(keys);
  std::vector<Finding> findings;
  for (size_t i = 0; i < values.size(); ++i) {
    pb::Value cached;
    if (found[i].outcome == cache::Outcome::kCorrupt) {
      findings.push_back(Finding::kDifferent);
    } else if (!found[i].hit() || found[i].source_version != SourceVersion(values[i].revision())) {
      findings.push_back(Finding::kAbsent);
    } else if (cached.ParseFromString(found[i].payload) && Essence(cached) == Essence(values[i])) {
      findings.push_back(Finding::kSame);
    } else {
      findings.push_back(Finding::kDifferent);
    }
  }
  return findings;
}

bool ValueCache::Put(const std::vector<pb::Value>& values) {
  std::vector<cache::Item> items;
  items.reserve(values.size());
  for (const pb::Value& value : values) {
    items.push_back({.key = KeyOf(NameOf(value)),
                     .payload = value.SerializeAsString(),
                     .source_version = SourceVersion(value.revision())});
  }
  return cache_.MultiSet(items, kValueLife) == cache::Outcome::kOk;
}

bool ValueCache::HasMark() {
  const cache::Lookup found = cache_.Get(kMarkKey);
  // Only what is surely missing is missing: a Redis that is away keeps its mark.
  const bool missing = found.outcome == cache::Outcome::kMiss ||
                       found.outcome == cache::Outcome::kCorrupt ||
                       (found.hit() && found.source_version != run_);
  return !missing;
}

bool ValueCache::PutMark() {
  return cache_.Set({.key = kMarkKey, .payload = {}, .source_version = run_.load()}, kMarkLife) ==
         cache::Outcome::kOk;
}

}  // namespace dondoc::kpi
