#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "libs/identity/access_table.h"
#include "libs/identity/grants.h"

namespace dondoc::rpc {

// How far a caller reaches; made by the doorkeeper.
struct Narrowed {
  // By all roles that the method names.
  identity::Reach reach;
  // By those alone that do not speak for a unit (Office, director, inspector, auditor): what is
  // being prepared about a unit is for them and not for the unit.
  identity::Reach inside;
};

// Who calls, in which trace, and how far they reach.
struct Call {
  // RPC name without package: "AcceptResult".
  std::string method;
  // The principal, as the doorkeeper has proven it: "person:…", "account:…", "system:…"; until then
  // "anonymous". Where access is open: the metadata entry dondoc-actor; "anonymous" without one.
  std::string actor;
  // W3C traceparent of our part; never empty when it came from Doorkeeper::Receive.
  std::string traceparent;
  // As it came, cut to 64 bytes; may be empty.
  std::string request_id = {};
  // The resource that the request names (its `name`, else its `parent`), as it came, cut to 256
  // bytes; empty where it names none, and where access is open.
  std::string resource = {};
  // The system whose certificate the call shows, "system:<common name>", also where a person calls
  // through it; empty for none.
  std::string system = {};
  // The method's row; null where access is open.
  const identity::MethodRule* rule = nullptr;
  // Null: everything.
  std::shared_ptr<const Narrowed> narrowed = nullptr;
  // Until when the proof holds: a token expires.
  absl::Time proven_until = absl::InfiniteFuture();

  // A query takes it as its condition, so that no list can leak what a filter forgot.
  const identity::Reach& reach() const {
    return narrowed ? narrowed->reach : identity::Reach::Everything();
  }
  const identity::Reach& inside() const {
    return narrowed ? narrowed->inside : identity::Reach::Everything();
  }
};

}  // namespace dondoc::rpc
