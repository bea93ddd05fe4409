#pragma once

#include <string>
#include <vector>

namespace dondoc::cli {

// The one of `known` that `word` was most likely meant to be; "" when none is near: more than two
// letters lost, added, swapped or wrong, or more than a third of the word.
std::string Nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace dondoc::cli
