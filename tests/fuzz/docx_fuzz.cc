// Word documents: services/registry/document/docx_text.h. The first byte says what the rest is,
// because no fuzzer finds its way through the checksums of a zip archive: "P" begins an archive as
// it is; after anything else comes the XML of a document's body.
#include "services/registry/document/docx_fixture.h"
#include "services/registry/document/docx_text.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view bytes = fuzz::BytesOf(data, size);
  const std::string document =
      bytes[0] == 'P' ? std::string(bytes) : registry::DocxOfBody(bytes.substr(1));
  const auto text = registry::TextOfDocx(document);
  fuzz::ExpectGoodRefusal(text);
  const auto again = registry::TextOfDocx(document);
  fuzz::Expect(again.status() == text.status(), "the same document is refused in the same words");
  if (text.ok()) fuzz::Expect(*again == *text, "the same document has the same text");
  return 0;
}
