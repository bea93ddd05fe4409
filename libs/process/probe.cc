#include "libs/process/probe.h"

#include <netdb.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "libs/base/status_macros.h"
#include "libs/process/health.h"

namespace dondoc::process {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(2);
// More than a page of metrics has.
constexpr size_t kPageBytesMax = 4 * 1024 * 1024;

struct Address {
  std::string host;
  std::string port;
};

// IPv6 stands in brackets.
Address AddressOf(absl::string_view text) {
  const size_t colon = text.rfind(':');
  absl::string_view host = text.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return {.host = std::string(host), .port = std::string(text.substr(colon + 1))};
}

// One TCP connection, with one deadline for all that happens on it.
class Conversation {
 public:
  static absl::StatusOr<Conversation> Begin(const std::string& address);
  Conversation(Conversation&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), deadline_(other.deadline_) {}
  ~Conversation() {
    if (socket_ >= 0) close(socket_);
  }

  absl::Status Say(const std::string& text) const;
  // What comes next; empty at the end.
  absl::StatusOr<std::string> Hear() const;

 private:
  Conversation(int socket, absl::Time deadline) : socket_(socket), deadline_(deadline) {}
  // Waits until it can be read from (POLLIN) or written to (POLLOUT).
  absl::Status Await(short event) const;

  int socket_;
  absl::Time deadline_;
};

absl::StatusOr<Conversation> Conversation::Begin(const std::string& address) {
  const auto [host, port] = AddressOf(address);
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failed = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); failed != 0) {
    return absl::UnavailableError(gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
  Conversation made(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
                    absl::Now() + kPatience);
  if (made.socket_ < 0) return absl::ErrnoToStatus(errno, "no socket");
  if (connect(made.socket_, found->ai_addr, found->ai_addrlen) != 0 && errno != EINPROGRESS) {
    return absl::ErrnoToStatus(errno, "no connection");
  }
  RETURN_IF_ERROR(made.Await(POLLOUT));
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(made.socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return absl::ErrnoToStatus(error, "no connection");
  return made;
}

absl::Status Conversation::Await(short event) const {
  pollfd waits = {.fd = socket_, .events = event, .revents = 0};
  const absl::Duration left = std::max(absl::ZeroDuration(), deadline_ - absl::Now());
  const int ready = poll(&waits, 1, static_cast<int>(absl::ToInt64Milliseconds(left)));
  if (ready == 1) return absl::OkStatus();
  return absl::DeadlineExceededError(
      absl::StrCat("nothing within ", absl::FormatDuration(kPatience)));
}

// What is said here fits into an empty buffer of the kernel.
absl::Status Conversation::Say(const std::string& text) const {
  RETURN_IF_ERROR(Await(POLLOUT));
  const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(text.size())) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, "cannot send");
}

absl::StatusOr<std::string> Conversation::Hear() const {
  RETURN_IF_ERROR(Await(POLLIN));
  std::string text(64 * 1024, '\0');
  const ssize_t received = recv(socket_, text.data(), text.size(), 0);
  if (received < 0) return absl::ErrnoToStatus(errno, "the connection broke");
  text.resize(static_cast<size_t>(received));
  return text;
}

struct SslFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

// The first thing that a client of TLS says.
absl::StatusOr<std::string> TlsHello() {
  const std::unique_ptr<SSL_CTX, SslFree> context(SSL_CTX_new(TLS_client_method()));
  const std::unique_ptr<SSL, SslFree> ssl(SSL_new(context.get()));
  if (ssl == nullptr) return absl::InternalError("OpenSSL makes no client");
  static constexpr unsigned char kHttp2[] = "\x02h2";
  SSL_set_alpn_protos(ssl.get(), kHttp2, sizeof kHttp2 - 1);
  BIO* out = BIO_new(BIO_s_mem());
  // They are the client's from here on.
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), out);
  SSL_set_connect_state(ssl.get());
  SSL_do_handshake(ssl.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out, &bytes);
  return std::string(bytes, static_cast<size_t>(size));
}

// The first thing that a client of HTTP/2 says, with settings that say nothing. RFC 9113, 3.4.
std::string Http2Hello() {
  static constexpr char kPrefaceAndSettings[] =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
  return std::string(kPrefaceAndSettings, sizeof kPrefaceAndSettings - 1);
}

absl::Status HearAnything(const std::string& address, const std::string& hello) {
  ASSIGN_OR_RETURN(const Conversation conversation, Conversation::Begin(address));
  RETURN_IF_ERROR(conversation.Say(hello));
  ASSIGN_OR_RETURN(const std::string answer, conversation.Hear());
  return answer.empty() ? absl::UnavailableError("it hangs up without a word") : absl::OkStatus();
}

absl::StatusOr<std::string> Page(const std::string& address) {
  ASSIGN_OR_RETURN(const Conversation conversation, Conversation::Begin(address));
  RETURN_IF_ERROR(conversation.Say(
      absl::StrCat("GET /metrics HTTP/1.0\r\nHost: ", address, "\r\nConnection: close\r\n\r\n")));
  std::string page;
  while (page.size() < kPageBytesMax) {
    ASSIGN_OR_RETURN(const std::string more, conversation.Hear());
    if (more.empty()) return page;
    page += more;
  }
  return absl::ResourceExhaustedError("the page has no end");
}

absl::Status DoesNotAnswer(const std::string& address, const absl::Status& why) {
  return absl::UnavailableError(absl::StrCat(address, " does not answer: ", why.message()));
}

}  // namespace

std::string HereOf(const std::string& listen) {
  const Address address = AddressOf(listen);
  const bool everywhere = address.host.empty() || address.host == "0.0.0.0" ||
                          address.host == "::" || address.host == "*";
  if (everywhere) return absl::StrCat("127.0.0.1:", address.port);
  // A metrics_listen may be a port alone.
  if (!absl::StrContains(listen, ':')) return absl::StrCat("127.0.0.1:", listen);
  return listen;
}

absl::Status AskListener(const std::string& listen, bool tls) {
  if (!absl::StrContains(listen, ':')) {
    return absl::InvalidArgumentError(absl::StrCat("\"", listen, "\" is no address:port"));
  }
  absl::StatusOr<std::string> hello = Http2Hello();
  if (tls) hello = TlsHello();
  RETURN_IF_ERROR(hello.status());
  const std::string address = HereOf(listen);
  const absl::Status heard = HearAnything(address, *hello);
  return heard.ok() ? heard : DoesNotAnswer(address, heard);
}

absl::Status AskHealth(const std::string& metrics_listen) {
  const std::string address = HereOf(metrics_listen);
  const absl::StatusOr<std::string> page = Page(address);
  if (!page.ok()) return DoesNotAnswer(absl::StrCat(address, "/metrics"), page.status());
  std::vector<std::string> wrong;
  bool told = false;
  for (const Trouble& trouble : Troubles()) {
    const std::string sample = absl::StrCat("\n", kTroubleMetric, "{what=\"", trouble.what, "\"} ");
    told = told || absl::StrContains(*page, sample);
    if (absl::StrContains(*page, absl::StrCat(sample, "1\n"))) wrong.push_back(trouble.sentence);
  }
  if (!told) return absl::UnavailableError("the service is still starting");
  if (wrong.empty()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("not healthy: ", absl::StrJoin(wrong, "; ")));
}

}  // namespace dondoc::process
