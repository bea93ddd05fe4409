#include "libs/identity/certificate.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "libs/identity/errors.h"
#include "libs/log/log.h"

namespace dondoc::identity {
namespace {

constexpr size_t kSubjectBytesMax = 1024;
constexpr size_t kNameBytesMax = 63;

absl::Status Refused(const TellCertificateCause& tell, absl::string_view cause) {
  tell(cause);
  return error::CertificateRefused();
}

bool IsSystemName(absl::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '_' ||
                  c == '-';
         });
}

// A type of attribute: letters ("CN", "emailAddress") or numbers and dots ("2.5.4.97").
bool IsAttributeType(absl::string_view type) {
  return !type.empty() && std::all_of(type.begin(), type.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '.';
  });
}

}  // namespace

void LogCertificateCause(absl::string_view cause) {
  log::Warning("certificate.refused", {{"cause", cause}});
}

std::string CommonNameOf(absl::string_view distinguished_name) {
  if (distinguished_name.empty() || distinguished_name.size() > kSubjectBytesMax) return "";
  // An escape, a quote or "+" may hide a separator; nobody needs one in the name of a system.
  if (distinguished_name.find_first_of("\\\"+") != absl::string_view::npos) return "";
  const bool one_line = distinguished_name[0] == '/';
  if (one_line) distinguished_name.remove_prefix(1);
  std::string name;
  for (const absl::string_view part : absl::StrSplit(distinguished_name, one_line ? '/' : ',')) {
    const size_t equals = part.find('=');
    if (equals == absl::string_view::npos || equals + 1 == part.size()) return "";
    const absl::string_view type = part.substr(0, equals);
    if (!IsAttributeType(type)) return "";
    if (!absl::EqualsIgnoreCase(type, "CN") && type != "2.5.4.3") continue;
    if (!name.empty() || !IsSystemName(part.substr(equals + 1))) return "";
    name = std::string(part.substr(equals + 1));
  }
  return name;
}

absl::StatusOr<std::string> SystemOf(const ForwardedCertificate& certificate,
                                     absl::string_view edge, const TellCertificateCause& tell) {
  if (certificate.subjects.empty()) return Refused(tell, "no_certificate");
  if (edge.empty() || certificate.peer != edge) return Refused(tell, "not_from_the_edge");
  if (certificate.subjects.size() > 1) return Refused(tell, "two_certificates");
  absl::string_view subject = certificate.subjects[0];
  // HAProxy's %{+Q} puts it in quotes.
  if (subject.size() >= 2 && subject.front() == '"' && subject.back() == '"') {
    subject = subject.substr(1, subject.size() - 2);
  }
  const std::string name = CommonNameOf(subject);
  if (name.empty()) return Refused(tell, "subject_unreadable");
  if (name == edge) return Refused(tell, "edge_is_no_caller");
  return absl::StrCat("system:", name);
}

absl::StatusOr<std::string> SystemOfPeer(const ForwardedCertificate& certificate,
                                         const TellCertificateCause& tell) {
  if (!certificate.subjects.empty()) return Refused(tell, "not_from_the_edge");
  if (certificate.peer.empty()) return std::string();
  if (!IsSystemName(certificate.peer)) return Refused(tell, "subject_unreadable");
  return absl::StrCat("system:", certificate.peer);
}

}  // namespace dondoc::identity
