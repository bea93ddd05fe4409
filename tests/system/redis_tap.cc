#include "tests/system/redis_tap.h"

#include <cstdlib>
#include <iostream>

namespace dondoc::testing {

RedisTap::RedisTap(const City& city) : context_(redisConnect("127.0.0.1", city.PortOf("redis"))) {}

std::vector<std::string> RedisTap::Keys() {
  const auto reply = Run({"KEYS", "*"});
  std::vector<std::string> keys;
  for (size_t i = 0; i < reply->elements; ++i) {
    keys.emplace_back(reply->element[i]->str, reply->element[i]->len);
  }
  return keys;
}

std::string RedisTap::Get(const std::string& key) {
  const auto reply = Run({"GET", key});
  return reply->str == nullptr ? "" : std::string(reply->str, reply->len);
}

void RedisTap::Set(const std::string& key, const std::string& value) { Run({"SET", key, value}); }

void RedisTap::Flush() { Run({"FLUSHALL"}); }

std::unique_ptr<redisReply, RedisTap::Destroyer> RedisTap::Run(
    const std::vector<std::string>& words) {
  std::vector<const char*> bytes;
  std::vector<size_t> lengths;
  for (const std::string& word : words) {
    bytes.push_back(word.data());
    lengths.push_back(word.size());
  }
  std::unique_ptr<redisReply, Destroyer> reply(static_cast<redisReply*>(redisCommandArgv(
      context_.get(), static_cast<int>(words.size()), bytes.data(), lengths.data())));
  if (reply == nullptr || reply->type == REDIS_REPLY_ERROR) {
    std::cerr << "Redis refuses " << words.front() << ": "
              << (reply == nullptr ? context_->errstr : reply->str) << std::endl;
    std::abort();
  }
  return reply;
}

}  // namespace dondoc::testing
