// Who a caller says to be: libs/identity. A token, a set of keys, the subject of a certificate, a
// table of methods.
#include "libs/identity/access_table.h"
#include "libs/identity/certificate.h"
#include "libs/identity/json.h"
#include "libs/identity/token.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::vector<std::string> pieces = fuzz::Pieces(fuzz::BytesOf(data, size), 4);
  const auto keys = identity::KeySet::Parse(pieces[1]);
  fuzz::Expect(!keys || keys->size() > 0, "a key set has keys");
  // Whatever kid a token names, a key of the set is tried: signatures are reached, and none of them
  // was made by anybody who has the secret half.
  const identity::Issuer issuer = {
      .name = "i", .audience = "a", .find_key = [&](absl::string_view id) {
        const identity::PublicKey* key = keys ? keys->Find(id) : nullptr;
        return key == nullptr ? std::nullopt : std::make_optional(*key);
      }};
  std::string cause;
  const auto claims =
      identity::CheckToken(pieces[0], {issuer}, absl::FromUnixSeconds(1'700'000'000),
                           [&](absl::string_view told) { cause = std::string(told); });
  fuzz::ExpectGoodRefusal(claims);
  fuzz::Expect(claims.ok() == cause.empty(), "a refusal has a cause, and nothing else has");

  const std::string name = identity::CommonNameOf(pieces[2]);
  fuzz::Expect(name.empty() || identity::CommonNameOf("/CN=" + name) == name,
               "a name that was read is read again");

  const auto table = identity::AccessTable::Parse(pieces[3]);
  fuzz::ExpectGoodRefusal(table);
  const auto read_again = identity::JsonObject::Parse("{\"x\":" + identity::JsonText(name) + "}");
  fuzz::Expect(read_again && read_again->Text("x") == name, "text of JSON is read as it was");
  return 0;
}
