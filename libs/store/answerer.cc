#include "libs/store/answerer.h"

#include <iterator>
#include <utility>

namespace dondoc::store {

Answerer::Answerer() : thread_([this] { Run(); }) {}

Answerer::~Answerer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  waits_.notify_one();
  thread_.join();
}

void Answerer::Add(std::vector<Answer> answers) {
  {
    std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      waiting_ = std::move(answers);
    } else {
      waiting_.insert(waiting_.end(), std::make_move_iterator(answers.begin()),
                      std::make_move_iterator(answers.end()));
    }
  }
  waits_.notify_one();
}

void Answerer::Run() {
  while (true) {
    std::vector<Answer> answers;
    {
      std::unique_lock lock(mutex_);
      waits_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      std::swap(answers, waiting_);
    }
    if (answers.empty()) return;
    for (Answer& answer : answers) answer.done(std::move(answer.status));
  }
}

}  // namespace dondoc::store
