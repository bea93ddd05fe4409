#include "services/cli/render/json.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"

namespace dondoc::cli {
namespace {

absl::StatusOr<std::string> Print(const google::protobuf::Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.add_whitespace = pretty;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) {
    return absl::InternalError(
        absl::StrCat("Không in được JSON (cannot print JSON): ", status.ToString()));
  }
  return json;
}

}  // namespace

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message) {
  return Print(message, true);
}

absl::StatusOr<std::string> ToJsonLine(const google::protobuf::Message& message) {
  return Print(message, false);
}

std::string RefusalToJson(const absl::Status& status) {
  google::protobuf::Struct document;
  auto& error = *(*document.mutable_fields())["error"].mutable_struct_value()->mutable_fields();
  error["code"].set_string_value(absl::StatusCodeToString(status.code()));
  error["reason"].set_string_value(ReasonOf(status));
  error["message"].set_string_value(std::string(status.message()));
  auto& details = *error["details"].mutable_struct_value()->mutable_fields();
  for (const auto& [key, value] : DetailsOf(status)) details[key].set_string_value(value);
  return Print(document, true).value_or("{}");
}

}  // namespace dondoc::cli
