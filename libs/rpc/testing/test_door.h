#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "libs/base/clock.h"
#include "libs/identity/access_table.h"
#include "libs/identity/directory.h"
#include "libs/identity/roles.h"
#include "libs/identity/test_issuer.h"
#include "libs/rpc/doorkeeper.h"
#include "libs/rpc/status.h"
#include "libs/store/database.h"

// A doorkeeper with an identity provider of its own, for tests of who sees what.
namespace dondoc::testing {

class TestDoor {
 public:
  static constexpr char kIssuer[] = "https://id.example";

  // Borrows the database, which has the directory's schema, and the clock; `table` too.
  TestDoor(store::Database& database, const Clock& clock,
           const identity::AccessTable& table = identity::AccessTable::BuiltIn());

  const rpc::Doorkeeper& door() const { return *door_; }
  // The same where callers come without an edge.
  std::unique_ptr<rpc::Doorkeeper> DoorWithoutEdge();
  // The same with a door for operators.
  std::unique_ptr<rpc::Doorkeeper> OperatorsDoor(std::set<std::string> operators);

  // A unit that has existed since 2020; `parent` is units/{id} or empty.
  void AddUnit(const std::string& unit, const std::string& parent = "");
  // Gives "person:<name>" a role from 2020 on, until `valid_to`; `unit` empty for the whole
  // register.
  void Give(const std::string& name, identity::Role role, const std::string& unit = "",
            std::optional<absl::CivilDay> valid_to = std::nullopt);
  // The same for any principal. Returns the name of the grant.
  std::string GiveTo(const identity::Grant& grant);
  // Ends a grant as of `day`, or changes it in any other way.
  void Change(const std::string& name, const identity::Grant& grant);

  // Makes the key of these tokens one of our own accounts'.
  void TellKey();

  // What a token says and how it is made, for tests that make it wrong.
  struct TokenOf {
    std::string name;
    std::string issuer = kIssuer;
    std::string audience = "dondoc";
    absl::Duration from = absl::ZeroDuration();
    absl::Duration until = absl::Minutes(5);
    std::string authorized_party = {};
    std::string key_id = "k1";
    std::string algorithm = "EdDSA";
  };
  std::string Token(const TokenOf& token) const;

  // Calls as "person:<name>".
  void SignIn(const std::string& name, grpc::ClientContext& context) const;
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> CallAs(const std::string& name, Stub& stub,
                                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                               Response*),
                                  const Request& request) const {
    grpc::ClientContext context;
    SignIn(name, context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

 private:
  rpc::Doorkeeper::Options OptionsOf(const identity::AccessTable& table);

  store::Database& database_;
  const Clock& clock_;
  const identity::AccessTable& table_;
  const identity::testing::TestKey key_ = identity::testing::TestKey::Ed25519();
  identity::KeySet keys_;
  identity::Directory directory_;
  int grants_ = 0;
  int64_t versions_ = 0;
  std::unique_ptr<rpc::Doorkeeper> door_;
};

}  // namespace dondoc::testing
