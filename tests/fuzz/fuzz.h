#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// What the targets share. A target is one function that takes bytes from a stranger; it has to end,
// and what it expects has to hold, whatever the bytes are.
namespace dondoc::fuzz {

// Ends the program when `holds` is false, saying which property of the code it was.
void Expect(bool holds, const char* property);

// Ends the program when `status` is an error without a reason, or without a sentence for people:
// Vietnamese, then English in parentheses, in UTF-8. OK is no refusal.
void ExpectGoodRefusal(const absl::Status& status);
template <typename T>
void ExpectGoodRefusal(const absl::StatusOr<T>& result) {
  ExpectGoodRefusal(result.status());
}

bool IsUtf8(absl::string_view bytes);

// Bytes for a target that takes several texts: exactly `count` pieces, cut at the byte 0x1E
// ("record separator"). The last takes what is left; those that are missing are empty.
std::vector<std::string> Pieces(absl::string_view bytes, size_t count);

// The bytes that libFuzzer or the replay hands over.
inline absl::string_view BytesOf(const unsigned char* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace dondoc::fuzz

// libFuzzer, or replay.cc, calls this for each input.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size);
