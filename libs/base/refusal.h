#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dondoc {

// One sentence a person understands, in the language of the office and in English.
// It says what was wrong (which row or field) and what to do about it.
struct Sentence {
  std::string vi;
  std::string en;
};

using Details = std::map<std::string, std::string>;

// A refusal: a status with a stable machine-readable reason in UPPER_SNAKE_CASE.
//
// The message of the status is "<vi> (<en>)". `details` name the field, the row, the value; on the
// wire they become the metadata of google.rpc.ErrorInfo with domain "dondoc" (libs/rpc does that,
// so that a domain may refuse without knowing protobuf). `code` must not be kOk.
//
// What is quoted may be any bytes, or be cut in the middle of a letter: what is no UTF-8 becomes
// U+FFFD, because nobody could read the refusal otherwise, and protobuf would not carry it.
absl::Status Refuse(absl::StatusCode code, absl::string_view reason, const Sentence& sentence,
                    const Details& details = {});

// The same with a message that is complete already: for a client that received a refusal.
absl::Status RefuseWithMessage(absl::StatusCode code, absl::string_view reason,
                               absl::string_view message, const Details& details);

// The reason given to Refuse(), or "" when the status is OK or has none.
std::string ReasonOf(const absl::Status& status);

// The details given to Refuse(); empty when there are none.
Details DetailsOf(const absl::Status& status);

}  // namespace dondoc
