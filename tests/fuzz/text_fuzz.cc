// Text as it enters the system: libs/base/text.h.
#include "libs/base/text.h"
#include "libs/rpc/metadata.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const absl::string_view bytes = fuzz::BytesOf(data, size);
  fuzz::Expect(DisplayWidth(bytes) <= 2 * size, "no byte is wider than two columns");

  const absl::StatusOr<std::string> text = CleanText(bytes);
  fuzz::ExpectGoodRefusal(text);
  if (text.ok()) {
    fuzz::Expect(fuzz::IsUtf8(*text), "clean text is UTF-8");
    const absl::StatusOr<std::string> again = CleanText(*text);
    fuzz::Expect(again.ok() && *again == *text, "clean text stays as it is");
    const std::string key = ComparisonKey(*text);
    fuzz::Expect(ComparisonKey(key) == key, "a key is its own key");
  }

  const absl::StatusOr<std::string> line = CleanLine("field", bytes, 255);
  fuzz::ExpectGoodRefusal(line);
  if (line.ok()) {
    fuzz::Expect(text.ok(), "a line is a text");
    const absl::StatusOr<std::string> again = CleanLine("field", *line, 255);
    fuzz::Expect(again.ok() && *again == *line, "a clean line stays as it is");
    fuzz::Expect(line->find_first_of("\n\t") == std::string::npos, "a line is one line");
    fuzz::Expect(rpc::FromMetadata(rpc::ToMetadata(*line)) == *line, "a name travels in metadata");
  }
  rpc::FromMetadata(bytes);
  return 0;
}
