#pragma once

#include <nats/nats.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "tests/system/city.h"

namespace dondoc::testing {

struct NatsDestroyer {
  void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
  void operator()(natsSubscription* subscription) const { natsSubscription_Destroy(subscription); }
  void operator()(natsMsg* message) const { natsMsg_Destroy(message); }
  void operator()(jsCtx* context) const { jsCtx_Destroy(context); }
};
template <typename T>
using NatsPointer = std::unique_ptr<T, NatsDestroyer>;

// Somebody else at the broker of a City, who hears every event of one type and can publish by hand.
class BusTap {
 public:
  BusTap(const City& city, const std::string& type);

  // The next event of that type; ends the test when none comes.
  NatsPointer<natsMsg> Next();

  // Fails the test unless the stream holds the events of every service in the order of its log, the
  // first to the last, each once. Returns the last sequence of each service by its name.
  std::map<std::string, int64_t> ExpectWholeStream();

  // Publishes the same event again, under a message id that the broker does not recognise, and
  // waits until it is stored.
  void PublishAgain(natsMsg* event);
  // Publishes something that is no event.
  void PublishGarbage(const std::string& subject);

 private:
  void Publish(NatsPointer<natsMsg> message);

  NatsPointer<natsConnection> connection_;
  NatsPointer<jsCtx> stream_;
  NatsPointer<natsSubscription> subscription_;
};

}  // namespace dondoc::testing
