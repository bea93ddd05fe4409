#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dondoc::identity {

// A JSON object from a stranger, read strictly: one object and nothing after it, UTF-8, at most
// eight levels deep, and no name twice in one object, because two readers of {"sub":"a","sub":"b"}
// may believe different things. Cheap to copy.
class JsonObject {
 public:
  // Nothing when `text` is not such an object.
  static std::optional<JsonObject> Parse(absl::string_view text);

  bool Has(const std::string& name) const;
  // Nothing when it is missing or of another kind.
  std::optional<std::string> Text(const std::string& name) const;
  // A number without regard to how it is written (5, 5.0, 5e0), cut to whole; nothing when it is
  // beyond +-2^53, where a number of JSON is no longer one number.
  std::optional<int64_t> Number(const std::string& name) const;
  // A text alone counts as a list of one.
  std::optional<std::vector<std::string>> Texts(const std::string& name) const;
  std::optional<std::vector<JsonObject>> Objects(const std::string& name) const;

 private:
  explicit JsonObject(nlohmann::json object);

  std::shared_ptr<const nlohmann::json> object_;
};

// `text` as a string of JSON, with its quotes.
std::string JsonText(absl::string_view text);

}  // namespace dondoc::identity
