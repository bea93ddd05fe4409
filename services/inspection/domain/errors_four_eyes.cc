#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "services/inspection/domain/errors.h"

// What is refused because a second pair of eyes is asked for.
namespace dondoc::inspection::error {
namespace {

using absl::StatusCode;
using absl::StrCat;

absl::Status Forbidden(absl::string_view reason, const Sentence& sentence, const Details& details) {
  return Refuse(StatusCode::kPermissionDenied, reason, sentence, details);
}

}  // namespace

absl::Status OwnProposal(int64_t year) {
  return Forbidden("OWN_PROPOSAL",
                   {.vi = StrCat("Người đề xuất chương trình kiểm tra năm ", year,
                                 " không được tự phê duyệt; hãy để lãnh đạo khác phê duyệt."),
                    .en = StrCat("whoever proposed the programme of ", year,
                                 " cannot approve it; let another director do it")},
                   {{"year", StrCat(year)}});
}

absl::Status VerifierBeyondGrants(absl::string_view unit, absl::string_view unit_name) {
  return Forbidden("VERIFIER_BEYOND_GRANTS",
                   {.vi = StrCat("Bạn không có vai trò ở ", unit_name,
                                 " nên không được xác nhận thay; hãy để người ở đó xác nhận."),
                    .en = StrCat("you hold no role in ", unit_name,
                                 " and cannot verify for it; let somebody there do it")},
                   {{"field", "verified_by"}, {"unit", std::string(unit)}});
}

}  // namespace dondoc::inspection::error
