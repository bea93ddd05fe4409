#include "services/inspection/domain/flow.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace dondoc::inspection {

size_t MinCostFlow::AddArc(int from, int to, int64_t capacity, int64_t cost) {
  const size_t number = arcs_.size() / 2;
  outgoing_[Index(from)].push_back(arcs_.size());
  arcs_.push_back({.to = to, .capacity = capacity, .cost = cost});
  outgoing_[Index(to)].push_back(arcs_.size());
  arcs_.push_back({.to = from, .capacity = 0, .cost = -cost});
  return number;
}

int64_t MinCostFlow::Solve(int source, int sink) {
  potential_.assign(outgoing_.size(), 0);
  on_path_.assign(outgoing_.size(), false);
  int64_t total = 0;
  for (;;) {
    FindDistances(source);
    const int64_t reached = distance_[Index(sink)];
    if (reached >= kUnreached) return total;
    // What lies beyond the sink need not be exact, only no farther than it really is.
    for (size_t node = 0; node < outgoing_.size(); ++node) {
      potential_[node] += std::min(distance_[node], reached);
    }
    next_.assign(outgoing_.size(), 0);
    total += Push(source, sink, kUnreached);
  }
}

void MinCostFlow::FindDistances(int source) {
  using Entry = std::pair<int64_t, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  distance_.assign(outgoing_.size(), kUnreached);
  distance_[Index(source)] = 0;
  open.emplace(0, source);
  while (!open.empty()) {
    const auto [distance, node] = open.top();
    open.pop();
    if (distance > distance_[Index(node)]) continue;
    for (const size_t i : outgoing_[Index(node)]) {
      const Arc& arc = arcs_[i];
      if (arc.capacity == 0) continue;
      const int64_t through = distance + ReducedCost(node, arc);
      if (through >= distance_[Index(arc.to)]) continue;
      distance_[Index(arc.to)] = through;
      open.emplace(through, arc.to);
    }
  }
}

int64_t MinCostFlow::Push(int node, int sink, int64_t limit) {
  if (node == sink) return limit;
  on_path_[Index(node)] = true;
  int64_t sent = 0;
  for (size_t& next = next_[Index(node)]; next < outgoing_[Index(node)].size(); ++next) {
    const size_t i = outgoing_[Index(node)][next];
    Arc& arc = arcs_[i];
    if (arc.capacity == 0 || on_path_[Index(arc.to)] || ReducedCost(node, arc) != 0) continue;
    const int64_t arrived = Push(arc.to, sink, std::min(arc.capacity, limit - sent));
    arc.capacity -= arrived;
    arcs_[i ^ 1].capacity += arrived;
    sent += arrived;
    if (sent == limit) break;
  }
  on_path_[Index(node)] = false;
  return sent;
}

}  // namespace dondoc::inspection
