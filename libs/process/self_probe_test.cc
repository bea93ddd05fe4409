#include "libs/process/self_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "libs/process/probe.h"
#include "libs/rpc/testing/clock_server.h"

namespace dondoc::process {
namespace {

SelfProbe::Options Impatient(int port, absl::Notification& dead) {
  return {.ask = [port] { return AskListener(absl::StrCat("127.0.0.1:", port), false); },
          .interval = absl::Milliseconds(20),
          .dead = [&dead] { dead.Notify(); }};
}

// A listener that takes connections into its backlog and never answers one, as one does whose
// process has no file descriptor left.
class DeafListener {
 public:
  DeafListener() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    listen(socket_, 16);
    socklen_t size = sizeof address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~DeafListener() { close(socket_); }

  int port() const { return port_; }

 private:
  const int socket_;
  int port_ = 0;
};

TEST(SelfProbe, LeavesAServerAloneThatAnswersAndNoticesWhenItEnds) {
  const auto server = testing::StartClockServer();
  absl::Notification dead;
  const SelfProbe probe(Impatient(server->port(), dead));
  EXPECT_FALSE(dead.WaitForNotificationWithTimeout(absl::Milliseconds(500)));
  server->Drain(absl::ZeroDuration());
  EXPECT_TRUE(dead.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST(SelfProbe, NoticesAListenerThatTakesConnectionsAndAnswersNobody) {
  const DeafListener listener;
  absl::Notification dead;
  const SelfProbe probe(Impatient(listener.port(), dead));
  EXPECT_TRUE(dead.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST(SelfProbe, LeavesAServerAloneThatIsNotHealthy) {
  const auto server = testing::StartClockServer();
  server->SetServing(false);
  absl::Notification dead;
  const SelfProbe probe(Impatient(server->port(), dead));
  EXPECT_FALSE(dead.WaitForNotificationWithTimeout(absl::Milliseconds(500)));
}

TEST(SelfProbeDeathTest, EndsTheProcessWithACodeOfItsOwn) {
  EXPECT_EXIT(SelfProbe::EndProcess(), ::testing::ExitedWithCode(71), "");
}

}  // namespace
}  // namespace dondoc::process
