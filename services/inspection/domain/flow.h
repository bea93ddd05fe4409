#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dondoc::inspection {

// A network through which as much as possible flows, as cheaply as possible: the successive
// shortest path method with Dijkstra and potentials, all paths of one length at a time. Exact, in
// integers, and deterministic: the same arcs in the same order give the same flow.
class MinCostFlow {
 public:
  explicit MinCostFlow(int node_count) : outgoing_(static_cast<size_t>(node_count)) {}

  // Adds an arc and returns its number. `capacity` and `cost` must not be negative.
  size_t AddArc(int from, int to, int64_t capacity, int64_t cost);

  // Sends what can be sent and returns how much that is. Call it once.
  int64_t Solve(int source, int sink);

  // What flows through an arc, after Solve().
  int64_t FlowOf(size_t arc) const { return arcs_[2 * arc + 1].capacity; }

  // After Solve(): whether more could still reach `node` from the source. The nodes for which that
  // holds are the narrow place that keeps the flow from being larger.
  bool IsBeforeTheNarrowPlace(int node) const { return distance_[Index(node)] < kUnreached; }

 private:
  struct Arc {
    int to = 0;
    int64_t capacity = 0;  // what is left
    int64_t cost = 0;
  };
  static constexpr int64_t kUnreached = INT64_MAX / 4;
  static size_t Index(int node) { return static_cast<size_t>(node); }

  // Cost of an arc as the potentials make it: never negative where something is left.
  int64_t ReducedCost(int from, const Arc& arc) const {
    return arc.cost + potential_[Index(from)] - potential_[Index(arc.to)];
  }
  void FindDistances(int source);
  // Sends at most `limit` from `node` on along shortest paths; returns how much arrived.
  int64_t Push(int node, int sink, int64_t limit);

  // Arc i has its reverse at i ^ 1.
  std::vector<Arc> arcs_;
  std::vector<std::vector<size_t>> outgoing_;
  std::vector<int64_t> potential_;
  std::vector<int64_t> distance_;
  std::vector<size_t> next_;  // first outgoing arc that Push() has not used up
  std::vector<bool> on_path_;
};

}  // namespace dondoc::inspection
