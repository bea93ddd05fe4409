#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/system/city.h"

namespace dondoc::testing {

// Somebody else at the Redis of a City, who may do anything to what stands there. Every command
// that fails ends the test.
class RedisTap {
 public:
  explicit RedisTap(const City& city);

  std::vector<std::string> Keys();
  std::string Get(const std::string& key);
  void Set(const std::string& key, const std::string& value);
  void Flush();

 private:
  struct Destroyer {
    void operator()(redisContext* context) const { redisFree(context); }
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
  };

  std::unique_ptr<redisReply, Destroyer> Run(const std::vector<std::string>& words);

  std::unique_ptr<redisContext, Destroyer> context_;
};

}  // namespace dondoc::testing
