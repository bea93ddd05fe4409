#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/strings/string_view.h"

// What every service must do with bytes that no client library would send. For tests.
namespace dondoc::testing {

// Sends to each method that takes one request, as raw bytes: text that is no UTF-8, a message that
// is cut off, one that nests too deep, one with too much that nobody knows, something that is no
// message, and nothing. Each must be refused as INVALID_ARGUMENT with a reason and a sentence in
// both languages; the text with the path of its field and the offset of its first bad byte.
void ExpectBadMessagesRefused(int port, const std::string& service_full_name);

// Puts fields that no version of the contract has into `message` and every message in it.
void AddUnknownFields(google::protobuf::Message& message, absl::string_view content);

// Fails when `content` stands anywhere in the SQLite database or in its write-ahead log, or in any
// file of the folder of a PostgreSQL server.
void ExpectNotKept(const std::string& database_file, absl::string_view content);

}  // namespace dondoc::testing
