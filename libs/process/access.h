#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "libs/base/clock.h"
#include "libs/identity/directory.h"
#include "libs/identity/fetched_keys.h"
#include "libs/rpc/doorkeeper.h"
#include "libs/settings/settings.h"

// Who is let in to a service, as its operator has set it.
namespace dondoc::process {

struct AccessSettings {
  // "open": everybody who reaches the ports may do everything, under whatever name they give; for
  // one machine alone. "enforced": by proto/access.csv and the grants. "auto": enforced with TLS,
  // else open.
  std::string access = "auto";
  // The common name of the edge's certificate; empty where systems call without an edge, each known
  // by the certificate of its own connection.
  std::string edge_name = "edge";
  // Common names, separated by commas, of certificates that the admin port lets in where access is
  // enforced with TLS; empty for the service's own.
  std::string operators = {};
  // An identity provider whose tokens are believed; no name for none.
  std::string issuer_name = {};
  std::string issuer_audience = "dondoc";
  // Its key set: "https://…", or "file:/…".
  std::string issuer_keys = {};
  std::string issuer_ca = {};
  std::string issuer_principal_prefix = "person:";
  // What the tokens of our own accounts say.
  std::string account_issuer = "dondoc";
  std::string account_audience = "dondoc";
};

// What these settings are held against.
struct AccessPlace {
  std::string service;
  std::string listen;
  std::string admin_listen;
  std::string clock;
  bool tls = false;
};

void AddTo(settings::Table& table, AccessSettings& settings);

bool IsEnforced(const AccessSettings& settings, const AccessPlace& place);

// INVALID_ARGUMENT, in one sentence with what to do, when access would be open to more than this
// machine, when it is enforced on a simulated clock, or when the issuer is named by halves.
absl::Status CheckAccess(const AccessSettings& settings, const AccessPlace& place);

// The doorkeepers of a service and what they go by. Checked settings; borrows the clock; the
// doorkeepers are for the one database whose directory they read.
class Access {
 public:
  Access(const AccessSettings& settings, const AccessPlace& place, const Clock& clock);
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;

  const rpc::Doorkeeper& door() const { return door_ ? *door_ : rpc::Doorkeeper::Open(); }
  // Of the admin port: open on this machine without TLS.
  const rpc::Doorkeeper& admin_door() const {
    return admin_door_ ? *admin_door_ : rpc::Doorkeeper::Open();
  }

 private:
  identity::Directory directory_;
  std::optional<identity::FetchedKeys> keys_;
  std::optional<identity::KeyRefresher> refresher_;
  std::optional<rpc::Doorkeeper> door_;
  std::optional<rpc::Doorkeeper> admin_door_;
};

}  // namespace dondoc::process
