#include "tests/system/bus_tap.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "libs/base/ids.h"
#include "libs/bus/stream.h"
#include "libs/bus/wire.h"

namespace dondoc::testing {
namespace {

constexpr int64_t kPatienceMs = 20'000;

// A test cannot go on without the broker.
void OrDie(natsStatus status, const char* what) {
  if (status == NATS_OK) return;
  std::cerr << what << ": " << natsStatus_GetText(status) << std::endl;
  std::abort();
}

}  // namespace

BusTap::BusTap(const City& city, const std::string& type) {
  natsConnection* connection = nullptr;
  const std::string url = absl::StrCat("nats://127.0.0.1:", city.PortOf("nats"));
  OrDie(natsConnection_ConnectTo(&connection, url.c_str()), "connect");
  connection_.reset(connection);
  jsCtx* stream = nullptr;
  OrDie(natsConnection_JetStream(&stream, connection, nullptr), "JetStream");
  stream_.reset(stream);
  natsSubscription* subscription = nullptr;
  OrDie(natsConnection_SubscribeSync(&subscription, connection, type.c_str()), "subscribe");
  subscription_.reset(subscription);
  // Once the broker has answered this it has seen the subscription too.
  OrDie(natsConnection_Flush(connection), "flush");
}

NatsPointer<natsMsg> BusTap::Next() {
  natsMsg* message = nullptr;
  OrDie(natsSubscription_NextMsg(&message, subscription_.get(), kPatienceMs), "next event");
  return NatsPointer<natsMsg>(message);
}

std::map<std::string, int64_t> BusTap::ExpectWholeStream() {
  jsStreamInfo* info = nullptr;
  jsErrCode error{};
  OrDie(js_GetStreamInfo(&info, stream_.get(), bus::kStream, nullptr, &error), "stream");
  const uint64_t last = info->State.LastSeq;
  jsStreamInfo_Destroy(info);
  std::map<std::string, int64_t> sequences;
  for (uint64_t at = 1; at <= last; ++at) {
    natsMsg* found = nullptr;
    OrDie(js_GetMsg(&found, stream_.get(), bus::kStream, at, nullptr, &error), "message");
    const NatsPointer<natsMsg> message(found);
    const std::string source(bus::SourceOf(natsMsg_GetSubject(found)));
    EXPECT_EQ(bus::Header(found, bus::kSequenceHeader), absl::StrCat(++sequences[source]))
        << source << ", message " << at;
  }
  return sequences;
}

void BusTap::PublishAgain(natsMsg* event) {
  natsMsg* made = nullptr;
  OrDie(natsMsg_Create(&made, natsMsg_GetSubject(event), nullptr, natsMsg_GetData(event),
                       natsMsg_GetDataLength(event)),
        "make a message");
  NatsPointer<natsMsg> message(made);
  const char** names = nullptr;
  int count = 0;
  OrDie(natsMsgHeader_Keys(event, &names, &count), "headers");
  for (int i = 0; i < count; ++i) {
    const char* value = nullptr;
    OrDie(natsMsgHeader_Get(event, names[i], &value), names[i]);
    OrDie(natsMsgHeader_Set(made, names[i], value), names[i]);
  }
  std::free(names);
  OrDie(natsMsgHeader_Set(made, "Nats-Msg-Id", NewUuid().c_str()), "message id");
  Publish(std::move(message));
}

void BusTap::PublishGarbage(const std::string& subject) {
  natsMsg* made = nullptr;
  OrDie(natsMsg_Create(&made, subject.c_str(), nullptr, "\xff\x00garbage", 9), "make a message");
  Publish(NatsPointer<natsMsg>(made));
}

void BusTap::Publish(NatsPointer<natsMsg> message) {
  jsPubAck* stored = nullptr;
  jsErrCode error{};
  OrDie(js_PublishMsg(&stored, stream_.get(), message.get(), nullptr, &error), "publish");
  const bool duplicate = stored->Duplicate;
  jsPubAck_Destroy(stored);
  OrDie(duplicate ? NATS_ERR : NATS_OK, "publish what the broker does not recognise");
}

}  // namespace dondoc::testing
