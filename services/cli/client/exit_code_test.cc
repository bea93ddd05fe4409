#include "services/cli/client/exit_code.h"

#include <gtest/gtest.h>

namespace dondoc::cli {
namespace {

struct CodeCase {
  absl::StatusCode code;
  int exit;
};

// Names the case in ctest's list; otherwise its bytes would, which differ in every build.
void PrintTo(const CodeCase& c, std::ostream* out) { *out << absl::StatusCodeToString(c.code); }

class CodeTable : public ::testing::TestWithParam<CodeCase> {};

TEST_P(CodeTable, TellsTheShellWhatHelpPromises) {
  EXPECT_EQ(ExitCodeOf(absl::Status(GetParam().code, "x")), GetParam().exit);
}

INSTANTIATE_TEST_SUITE_P(
    ExitCodes, CodeTable,
    ::testing::Values(
        CodeCase{absl::StatusCode::kOk, 0}, CodeCase{absl::StatusCode::kFailedPrecondition, 1},
        CodeCase{absl::StatusCode::kAborted, 1}, CodeCase{absl::StatusCode::kAlreadyExists, 1},
        CodeCase{absl::StatusCode::kPermissionDenied, 1},
        CodeCase{absl::StatusCode::kUnauthenticated, 1},
        CodeCase{absl::StatusCode::kInvalidArgument, 2}, CodeCase{absl::StatusCode::kOutOfRange, 2},
        CodeCase{absl::StatusCode::kNotFound, 3}, CodeCase{absl::StatusCode::kUnavailable, 4},
        CodeCase{absl::StatusCode::kDeadlineExceeded, 4},
        CodeCase{absl::StatusCode::kResourceExhausted, 4}, CodeCase{absl::StatusCode::kInternal, 5},
        CodeCase{absl::StatusCode::kUnknown, 5}, CodeCase{absl::StatusCode::kUnimplemented, 5},
        CodeCase{absl::StatusCode::kDataLoss, 5}));

}  // namespace
}  // namespace dondoc::cli
