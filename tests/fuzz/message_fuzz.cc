// Requests as raw bytes: libs/rpc/message_check.h has to agree with protobuf about every one.
#include "dondoc/common/v1/change.pb.h"
#include "libs/base/refusal.h"
#include "libs/rpc/message_check.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const absl::string_view bytes = fuzz::BytesOf(data, size);
  common::v1::Change change;
  google::protobuf::LogSilencer quiet;
  const bool parsed = change.ParseFromArray(data, static_cast<int>(size));
  const absl::Status checked = rpc::CheckMessage(*common::v1::Change::descriptor(), bytes);
  fuzz::ExpectGoodRefusal(checked);
  if (ReasonOf(checked) == "UNKNOWN_FIELDS_TOO_LONG") return 0;
  fuzz::Expect(checked.ok() == parsed, "what protobuf reads passes, and nothing else");
  return 0;
}
