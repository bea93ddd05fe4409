#include "libs/identity/json.h"

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

namespace dondoc::identity {
namespace {

using nlohmann::json;

constexpr int kDepthMax = 8;
constexpr double kWholeMax = 9007199254740992.0;  // 2^53

// What the parser alone lets pass: a name that stands twice in an object, and depth.
class Strict {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDepthMax) broken_ = true;
    if (event == json::parse_event_t::object_start) names_.emplace_back();
    if (event == json::parse_event_t::object_end) names_.pop_back();
    if (event == json::parse_event_t::key) {
      if (!names_.back().insert(parsed.get<std::string>()).second) broken_ = true;
    }
    return !broken_;
  }
  bool broken() const { return broken_; }

 private:
  std::vector<std::set<std::string>> names_;
  bool broken_ = false;
};

const json* Find(const json& object, const std::string& name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

JsonObject::JsonObject(json object) : object_(std::make_shared<const json>(std::move(object))) {}

std::optional<JsonObject> JsonObject::Parse(absl::string_view text) {
  Strict strict;
  json value = json::parse(text.begin(), text.end(), std::ref(strict), /*allow_exceptions=*/false);
  if (strict.broken() || !value.is_object()) return std::nullopt;
  return JsonObject(std::move(value));
}

bool JsonObject::Has(const std::string& name) const { return Find(*object_, name) != nullptr; }

std::optional<std::string> JsonObject::Text(const std::string& name) const {
  const json* value = Find(*object_, name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

std::optional<int64_t> JsonObject::Number(const std::string& name) const {
  const json* value = Find(*object_, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double number = value->get<double>();
  if (!(std::abs(number) <= kWholeMax)) return std::nullopt;
  return static_cast<int64_t>(number);
}

std::optional<std::vector<std::string>> JsonObject::Texts(const std::string& name) const {
  const json* value = Find(*object_, name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return std::vector<std::string>{value->get<std::string>()};
  if (!value->is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const json& element : *value) {
    if (!element.is_string()) return std::nullopt;
    texts.push_back(element.get<std::string>());
  }
  return texts;
}

std::optional<std::vector<JsonObject>> JsonObject::Objects(const std::string& name) const {
  const json* value = Find(*object_, name);
  if (value == nullptr || !value->is_array()) return std::nullopt;
  std::vector<JsonObject> objects;
  for (const json& element : *value) {
    if (!element.is_object()) return std::nullopt;
    objects.push_back(JsonObject(element));
  }
  return objects;
}

std::string JsonText(absl::string_view text) {
  return json(std::string(text)).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace dondoc::identity
