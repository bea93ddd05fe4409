#include "libs/testing/certificates.h"

#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "libs/base/status_macros.h"
#include "libs/testing/child_process.h"

namespace dondoc::testing {
namespace {

constexpr char kCurve[] = "ec_paramgen_curve:P-256";
constexpr absl::Duration kPatience = absl::Seconds(20);

absl::Status Openssl(std::vector<std::string> arguments, const TempDir& folder) {
  arguments.insert(arguments.begin(), "openssl");
  const std::string log = folder.File("openssl.log");
  ASSIGN_OR_RETURN(const auto process,
                   ChildProcess::Start({.command = std::move(arguments), .log_path = log}));
  ASSIGN_OR_RETURN(const int code, process->Wait(kPatience));
  if (code == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("openssl ended with ", code, "; see ", log));
}

}  // namespace

absl::Status Certificates::MakeCa(const std::string& name) {
  return Openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", kCurve, "-nodes", "-days", "30",
                  "-subj", absl::StrCat("/O=Dondoc/CN=", name), "-keyout",
                  folder_.File(name + ".ca.key"), "-out", ca(name)},
                 folder_);
}

absl::Status Certificates::Make(const Request& request) const {
  const std::string wanted = folder_.File(request.name + ".csr");
  const std::string names = folder_.File("names");
  std::ofstream extensions(names);
  extensions << "subjectAltName=" << request.names << "\n";
  if (!request.usage.empty()) extensions << "extendedKeyUsage=" << request.usage << "\n";
  extensions.close();
  RETURN_IF_ERROR(Openssl(
      {"req", "-newkey", "ec", "-pkeyopt", kCurve, "-nodes", "-subj",
       absl::StrCat("/O=Dondoc/CN=", request.name), "-keyout", key(request.name), "-out", wanted},
      folder_));
  return Openssl({"x509", "-req", "-in", wanted, "-CA", ca(request.ca), "-CAkey",
                  folder_.File(request.ca + ".ca.key"), "-CAcreateserial", "-days",
                  absl::StrCat(request.days), "-extfile", names, "-out", certificate(request.name)},
                 folder_);
}

}  // namespace dondoc::testing
