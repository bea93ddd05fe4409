#include "tests/system/metrics_tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dondoc::testing {
namespace {

// It takes a free port each time it is started, and says so in its log.
int MetricsPortOf(const City& city, const std::string& service) {
  constexpr absl::string_view kKey = "metrics_port=";
  const std::string log = city.LogOf(service);
  const size_t found = log.rfind(kKey.data());
  if (found == std::string::npos) return 0;
  return std::atoi(log.c_str() + found + kKey.size());
}

// The whole answer of a server that ends the connection behind it; "" when there is none.
std::string Get(int port, const std::string& path) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  const std::string request = absl::StrCat("GET ", path, " HTTP/1.0\r\n\r\n");
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size())) {
    char buffer[4096];
    for (ssize_t got = 0; (got = recv(descriptor, buffer, sizeof(buffer), 0)) > 0;) {
      answer.append(buffer, static_cast<size_t>(got));
    }
  }
  close(descriptor);
  return answer;
}

}  // namespace

std::optional<double> MetricOf(const City& city, const std::string& service,
                               const std::string& name) {
  const std::string answer = Get(MetricsPortOf(city, service), "/metrics");
  for (const absl::string_view line : absl::StrSplit(answer, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    double value = 0;
    if (words.size() == 2 && words[0] == name && absl::SimpleAtod(words[1], &value)) return value;
  }
  return std::nullopt;
}

}  // namespace dondoc::testing
