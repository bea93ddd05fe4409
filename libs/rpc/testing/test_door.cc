#include "libs/rpc/testing/test_door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "libs/base/status_matchers.h"

namespace dondoc::testing {
namespace {

constexpr absl::CivilDay kFounded(2020, 1, 1);

void Write(store::Database& database, const std::function<void(store::Transaction&)>& work) {
  EXPECT_THAT(database.WriteAndWait([&](store::Transaction& transaction) {
    work(transaction);
    return absl::OkStatus();
  }),
              IsOk());
}

}  // namespace

TestDoor::TestDoor(store::Database& database, const Clock& clock,
                   const identity::AccessTable& table)
    : database_(database),
      clock_(clock),
      table_(table),
      keys_(*identity::KeySet::Parse(identity::testing::JwkSet(key_.Jwk("k1")))),
      door_(std::make_unique<rpc::Doorkeeper>(OptionsOf(table))) {}

rpc::Doorkeeper::Options TestDoor::OptionsOf(const identity::AccessTable& table) {
  const auto find_key = [this](absl::string_view id) -> std::optional<identity::PublicKey> {
    const identity::PublicKey* key = keys_.Find(id);
    if (key == nullptr) return std::nullopt;
    return *key;
  };
  return {.table = table,
          .directory = directory_,
          .clock = clock_,
          .issuers = {{.name = kIssuer, .audience = "dondoc", .find_key = find_key}}};
}

std::unique_ptr<rpc::Doorkeeper> TestDoor::DoorWithoutEdge() {
  rpc::Doorkeeper::Options options = OptionsOf(table_);
  options.edge = "";
  return std::make_unique<rpc::Doorkeeper>(std::move(options));
}

std::unique_ptr<rpc::Doorkeeper> TestDoor::OperatorsDoor(std::set<std::string> operators) {
  return std::make_unique<rpc::Doorkeeper>(OptionsOf(table_), std::move(operators));
}

void TestDoor::AddUnit(const std::string& unit, const std::string& parent) {
  Write(database_, [&](store::Transaction& transaction) {
    identity::PutUnit(
        transaction,
        {.version = ++versions_, .unit = {.name = unit, .parent = parent, .valid_from = kFounded}});
  });
}

void TestDoor::Give(const std::string& name, identity::Role role, const std::string& unit,
                    std::optional<absl::CivilDay> valid_to) {
  GiveTo({.principal = absl::StrCat("person:", name),
          .role = role,
          .unit = unit,
          .valid_from = kFounded,
          .valid_to = valid_to});
}

std::string TestDoor::GiveTo(const identity::Grant& grant) {
  std::string name = absl::StrCat("grants/", ++grants_);
  Change(name, grant);
  return name;
}

void TestDoor::Change(const std::string& name, const identity::Grant& grant) {
  Write(database_, [&](store::Transaction& transaction) {
    identity::PutGrant(transaction, {.name = name, .version = ++versions_, .grant = grant});
  });
}

void TestDoor::TellKey() {
  const std::string jwk = key_.Jwk("k1");
  const std::string kX = "\"x\":\"";
  const size_t from = jwk.find(kX) + kX.size();
  const std::string x = jwk.substr(from, jwk.find('"', from) - from);
  Write(database_, [&](store::Transaction& transaction) {
    identity::PutKey(transaction, {.id = "k1", .version = ++versions_, .x = x});
  });
}

std::string TestDoor::Token(const TokenOf& token) const {
  const int64_t now = absl::ToUnixSeconds(clock_.Now());
  std::string payload = absl::StrCat(R"({"iss":")", token.issuer, R"(","aud":")", token.audience,
                                     R"(","sub":")", token.name, R"(","iat":)", now, R"(,"nbf":)",
                                     now + absl::ToInt64Seconds(token.from), R"(,"exp":)",
                                     now + absl::ToInt64Seconds(token.until));
  if (!token.authorized_party.empty()) {
    absl::StrAppend(&payload, R"(,"azp":")", token.authorized_party, "\"");
  }
  return key_.Token(
      absl::StrCat(R"({"alg":")", token.algorithm, R"(","kid":")", token.key_id, R"("})"),
      absl::StrCat(payload, "}"));
}

void TestDoor::SignIn(const std::string& name, grpc::ClientContext& context) const {
  context.AddMetadata("authorization", absl::StrCat("Bearer ", Token({.name = name})));
}

}  // namespace dondoc::testing
