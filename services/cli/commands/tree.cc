#include "services/cli/commands/tree.h"

#include "absl/strings/str_cat.h"

namespace dondoc::cli {

void AddPlanArgument(CLI::App& verb, std::string& plan) {
  verb.add_option("plan", plan, Help("Kế hoạch; bỏ trống thì lấy --plan", "the plan, or --plan"));
}

void AddEtag(CLI::App& verb, std::string& etag) {
  verb.add_option("--etag", etag,
                  Help("Chỉ ghi khi phiên bản vẫn là đây", "only while this is the version"));
}

void AddExample(CLI::App& verb, const std::string& line) {
  const std::string before = verb.get_footer();
  verb.footer(absl::StrCat(before.empty() ? "Ví dụ (examples)" : before, "\n  ", line));
}

}  // namespace dondoc::cli
