#include "libs/process/health.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/base/refusal.h"
#include "libs/log/log.h"
#include "libs/process/disk.h"
#include "libs/store/lease.h"

namespace dondoc::process {
namespace {

constexpr absl::Duration kLookEvery = absl::Seconds(1);
// Each question is a write with an fsync of its own.
constexpr absl::Duration kAskEvery = absl::Seconds(5);
// As long as PostgreSQL lets a stopped replica keep the others from writing (store/duty.h).
constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr double kFreeShareMin = 0.1;
// The row that is written, beside the leases: who holds it, and for how long, means nothing.
constexpr char kRow[] = "health";

absl::Time SteadyNow() {
  return absl::UnixEpoch() + absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

// A full queue is one that is worked on.
bool IsTaken(const absl::Status& written) {
  return written.ok() || ReasonOf(written) == "WRITE_QUEUE_FULL";
}

}  // namespace

const std::vector<Trouble>& Troubles() {
  static const std::vector<Trouble> kTroubles = {
      {.what = "database", .sentence = "the database takes no writes"},
      {.what = "disk", .sentence = "less than a tenth of the disk is free"},
      {.what = "clock", .sentence = "the clock of this machine is not trusted"}};
  return kTroubles;
}

Health::Health(Parts parts)
    : parts_(std::move(parts)),
      troubles_(parts_.metrics.AddGauges({.name = kTroubleMetric,
                                          .help = "1 for what keeps this process from its work.",
                                          .labels = {"what"}})),
      store_reachable_(
          parts_.metrics.AddGauge({.name = "dondoc_store_reachable",
                                   .help = "1 while the database takes a write now and then."})),
      duty_on_(parts_.metrics.AddGauge(
          {.name = "dondoc_duty_on",
           .help = "1 for the replica that is on duty, 0 for one that stands by."})) {
  Look();
  thread_ = std::thread([this] { Run(); });
}

Health::~Health() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void Health::Run() {
  std::unique_lock lock(mutex_);
  while (
      !stop_.wait_for(lock, absl::ToChronoMilliseconds(kLookEvery), [this] { return stopping_; })) {
    lock.unlock();
    Look();
    lock.lock();
  }
}

void Health::Look() {
  duty_on_.Set(parts_.duty.on() ? 1 : 0);
  const bool takes_writes = DatabaseTakesWrites();
  store_reachable_.Set(takes_writes ? 1 : 0);
  Tell({!takes_writes, DiskIsLow(), parts_.clock_suspect()});
  if (SteadyNow() - minute_began_ < absl::Minutes(1)) return;
  minute_began_ = SteadyNow();
  parts_.each_minute();
}

bool Health::DatabaseTakesWrites() {
  const absl::Duration since = SteadyNow() - asked_at_;
  if (question_ != nullptr) {
    std::lock_guard lock(question_->mutex);
    if (question_->answered) {
      takes_writes_ = question_->taken;
    } else {
      if (since > kPatience) takes_writes_ = false;
      return takes_writes_;
    }
  }
  if (since < kAskEvery) return takes_writes_;
  asked_at_ = SteadyNow();
  question_ = std::make_shared<Question>();
  parts_.database.Write(
      [](store::Transaction& transaction) {
        store::TakeLease(transaction, kRow, kRow, absl::ZeroDuration(), /*by_force=*/true);
        return absl::OkStatus();
      },
      [question = question_](const absl::Status& written) {
        std::lock_guard lock(question->mutex);
        question->answered = true;
        question->taken = IsTaken(written);
      });
  return takes_writes_;
}

bool Health::DiskIsLow() const {
  if (!parts_.folder) return false;
  const Room room = RoomIn(*parts_.folder);
  return room.free_bytes < kFreeShareMin * room.size_bytes;
}

// In the order of Troubles().
void Health::Tell(const std::vector<bool>& troubled) {
  std::vector<std::string> wrong;
  for (size_t i = 0; i < troubled.size(); ++i) {
    const Trouble& trouble = Troubles()[i];
    troubles_.With({trouble.what}).Set(troubled[i] ? 1 : 0);
    if (troubled[i]) wrong.push_back(trouble.sentence);
  }
  parts_.server.SetServing(wrong.empty());
  std::string all = absl::StrJoin(wrong, "; ");
  if (all == last_wrong_) return;
  if (all.empty()) {
    log::Info("health.serving");
  } else {
    log::Warning("health.not_serving", {{"why", all}});
  }
  last_wrong_ = std::move(all);
}

}  // namespace dondoc::process
