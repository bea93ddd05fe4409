// Where a webhook goes and how it is signed: services/notification. A URL, a secret, an address,
// and the parts of a delivery.
#include "absl/strings/match.h"
#include "services/notification/delivery/webhook.h"
#include "services/notification/domain/address.h"
#include "services/notification/domain/contact.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

namespace {

void CheckUrl(const std::string& url) {
  using notification::LoopbackRule;
  const auto outside = notification::ParseWebhookUrl(url, LoopbackRule::kRefuse);
  fuzz::ExpectGoodRefusal(outside);
  const auto anywhere = notification::ParseWebhookUrl(url, LoopbackRule::kAllow);
  fuzz::ExpectGoodRefusal(anywhere);
  if (outside.ok()) {
    fuzz::Expect(anywhere.ok(), "what may go out may go anywhere");
    fuzz::Expect(!outside->loopback, "this machine is not outside");
    fuzz::Expect(absl::StartsWith(url, "https://"), "what goes out is encrypted");
  }
  if (!anywhere.ok()) return;
  fuzz::Expect(anywhere->port > 0 && anywhere->port < 65'536 && !anywhere->host.empty(),
               "a URL has a host and a port");
  for (const char c : url) {
    fuzz::Expect(c > ' ' && c < 0x7F, "a URL has no blanks and no control characters");
  }
  if (const auto ip = notification::ParseIp(anywhere->host)) {
    fuzz::Expect(notification::Classify(*ip) != notification::AddressClass::kForbidden,
                 "no URL names an address that is forbidden");
    fuzz::Expect(
        anywhere->loopback || notification::Classify(*ip) != notification::AddressClass::kLoopback,
        "a URL that names this machine says so");
  }
}

void CheckIp(const std::string& text) {
  const auto ip = notification::ParseIp(text);
  if (!ip) return;
  const auto again = notification::ParseIp(notification::FormatIp(*ip));
  fuzz::Expect(again == ip, "an address is read as it is written");
}

}  // namespace

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::vector<std::string> pieces = fuzz::Pieces(fuzz::BytesOf(data, size), 4);
  CheckUrl(pieces[0]);
  CheckIp(pieces[2]);
  const auto secret = notification::ParseWebhookSecret(pieces[1]);
  fuzz::ExpectGoodRefusal(secret);
  if (secret.ok()) {
    fuzz::Expect(secret->size() >= 24 && secret->size() <= 64, "a secret has 24 to 64 bytes");
  }
  fuzz::ExpectGoodRefusal(notification::CheckContact({.recipient = "units/a",
                                                      .email = pieces[3],
                                                      .webhook_url = pieces[0],
                                                      .webhook_secret = pieces[1]},
                                                     notification::LoopbackRule::kRefuse));

  const std::string body =
      notification::WebhookBody({.id = "1", .recipient = pieces[3], .notices = {1}});
  for (const char c : body) {
    fuzz::Expect(static_cast<unsigned char>(c) >= ' ', "a body has no control characters");
  }
  for (const std::string& header : notification::WebhookHeaders(
           "1", absl::FromUnixSeconds(1'700'000'000), body, secret.value_or(pieces[1]))) {
    fuzz::Expect(header.find_first_of("\r\n") == std::string::npos, "a header is one line");
  }
  return 0;
}
