#pragma once

#include <string>

#include "absl/status/status.h"
#include "libs/testing/temp_dir.h"

namespace dondoc::testing {

// Authorities and certificates for a test, made by the openssl command in a folder that goes with
// this. Unless it is asked for otherwise, a certificate names localhost and 127.0.0.1 and serves
// both sides of a connection.
class Certificates {
 public:
  // Makes the authority `name`: ca(name).
  absl::Status MakeCa(const std::string& name);

  struct Request {
    // CN of the subject, and what the files are called.
    std::string name;
    // The authority that signs.
    std::string ca;
    // From now; below zero it has expired.
    int days = 30;
    // As openssl takes them.
    std::string names = "DNS:localhost,IP:127.0.0.1";
    // "serverAuth" for one side alone; empty for both.
    std::string usage = {};
  };
  absl::Status Make(const Request& request) const;

  std::string ca(const std::string& name) const { return folder_.File(name + ".ca.pem"); }
  std::string certificate(const std::string& name) const { return folder_.File(name + ".pem"); }
  std::string key(const std::string& name) const { return folder_.File(name + ".key"); }
  const TempDir& folder() const { return folder_; }

 private:
  TempDir folder_;
};

}  // namespace dondoc::testing
