#include "services/registry/domain/submission.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/base/text.h"
#include "services/registry/domain/errors.h"
#include "services/registry/domain/limits.h"
#include "services/registry/domain/text_fields.h"

namespace dondoc::registry {
namespace {

constexpr size_t kSha256Digits = 64;

// An https address with a host and without a password in it.
bool IsLink(absl::string_view text) {
  constexpr absl::string_view kScheme = "https://";
  if (text.size() > kLinkBytesMax || !absl::StartsWithIgnoreCase(text, kScheme)) return false;
  const absl::string_view rest = text.substr(kScheme.size());
  const absl::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  const bool plain =
      std::none_of(text.begin(), text.end(), [](char c) { return c <= ' ' && c >= 0; });
  return plain && !host.empty() && host.find('@') == absl::string_view::npos;
}

bool IsSha256(absl::string_view text) {
  return text.size() == kSha256Digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return absl::ascii_isxdigit(c); });
}

absl::StatusOr<Evidence> CleanEvidence(absl::string_view field, const Evidence& given,
                                       absl::CivilDay today) {
  const std::string number = absl::StrCat(field, ".document_number");
  const std::string link = absl::StrCat(field, ".link");
  const std::string note = absl::StrCat(field, ".note");
  Evidence clean;
  ASSIGN_OR_RETURN(clean.document_number, CleanLine(number, given.document_number, kLineMax));
  clean.document_date = given.document_date;
  if (clean.document_date > today) {
    return error::EvidenceInFuture(absl::StrCat(field, ".document_date"), clean.document_date,
                                   today);
  }
  ASSIGN_OR_RETURN(clean.link, CleanOptionalLine({link, kLinkBytesMax}, given.link));
  if (!clean.link.empty() && !IsLink(clean.link)) return error::LinkInvalid(link);
  if (!given.sha256.empty() && !IsSha256(given.sha256)) {
    return error::Sha256Invalid(absl::StrCat(field, ".sha256"));
  }
  clean.sha256 = absl::AsciiStrToLower(given.sha256);
  ASSIGN_OR_RETURN(clean.note, CleanOptionalText({note, kParagraphMax}, given.note));
  return clean;
}

}  // namespace

absl::StatusOr<Submission> MakeSubmission(NewSubmission fields, const Act& act) {
  Submission submission;
  submission.submitted_date = act.today;
  submission.outcome = fields.outcome;
  const bool not_arising = fields.outcome == Outcome::kNotArising;
  const TextField reason = {"reason", kParagraphMax};
  ASSIGN_OR_RETURN(submission.reason, not_arising ? CleanRequiredText(reason, fields.reason)
                                                  : CleanOptionalText(reason, fields.reason));
  if (fields.evidence.empty() && !not_arising) return error::EvidenceMissing();
  if (fields.evidence.size() > kEvidenceMax) {
    return error::TooManyItems("evidence", fields.evidence.size(), kEvidenceMax);
  }
  for (size_t i = 0; i < fields.evidence.size(); ++i) {
    ASSIGN_OR_RETURN(Evidence evidence, CleanEvidence(absl::StrCat("evidence[", i, "]"),
                                                      fields.evidence[i], act.today));
    submission.evidence.push_back(std::move(evidence));
  }
  submission.actor = act.actor;
  submission.submit_time = act.now;
  return submission;
}

}  // namespace dondoc::registry
