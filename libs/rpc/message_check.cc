#include "libs/rpc/message_check.h"

#include <google/protobuf/wire_format_lite.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/base/refusal.h"
#include "libs/base/status_macros.h"

namespace dondoc::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

// As deep as protobuf itself goes.
constexpr int kDepthMax = 100;
// The longest form of a number, and of a tag or a length.
constexpr int kVarintBytesMax = 10;
constexpr int kTagBytesMax = 5;

// Where the reader is: a field of a message in a field of a message.
struct Place {
  const Place* parent = nullptr;
  const FieldDescriptor* field = nullptr;
  // For a repeated field.
  int index = 0;
};

// "indicator.aliases[2]"
std::string PathOf(const Place& place) {
  std::string path;
  if (place.parent != nullptr && place.parent->field != nullptr) {
    path = absl::StrCat(PathOf(*place.parent), ".");
  }
  absl::StrAppend(&path, place.field->name());
  if (place.field->is_repeated()) absl::StrAppend(&path, "[", place.index, "]");
  return path;
}

absl::Status NotUtf8(const Place& place, size_t byte_offset) {
  const std::string path = PathOf(place);
  return Refuse(absl::StatusCode::kInvalidArgument, "NOT_UTF8",
                {.vi = absl::StrCat(path, ": chữ không phải UTF-8 từ byte ", byte_offset,
                                    "; hãy chuyển mã sang UTF-8 rồi gửi lại."),
                 .en = absl::StrCat(path, ": the text is not UTF-8 from byte ", byte_offset,
                                    " on; convert it to UTF-8 and send it again")},
                {{"field", path}, {"byte_offset", absl::StrCat(byte_offset)}});
}

absl::Status TooDeep() {
  return Refuse(absl::StatusCode::kInvalidArgument, "MESSAGE_TOO_DEEP",
                {.vi = absl::StrCat("Yêu cầu lồng nhau quá ", kDepthMax,
                                    " tầng; hãy kiểm tra chương trình gửi."),
                 .en = absl::StrCat("the request nests more than ", kDepthMax,
                                    " levels deep; check the program that sent it")});
}

absl::Status UnknownFieldsTooLong() {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "UNKNOWN_FIELDS_TOO_LONG",
      {.vi = absl::StrCat("Yêu cầu mang quá ", kUnknownBytesMax / 1024,
                          " KB dữ liệu mà máy chủ không biết; hãy dùng đúng bản giao diện."),
       .en = absl::StrCat("the request carries more than ", kUnknownBytesMax / 1024,
                          " KB that this server does not know; use its version of the API")});
}

// The first byte that belongs to no letter.
std::optional<size_t> FirstNotUtf8(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (size_t at = 0; at < text.size();) {
    if (bytes[at] < 0x80) {
      ++at;
      continue;
    }
    utf8proc_int32_t code = 0;
    const utf8proc_ssize_t length =
        utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    if (length <= 0) return at;
    at += static_cast<size_t>(length);
  }
  return std::nullopt;
}

bool IsPackable(const FieldDescriptor& field) {
  return field.is_repeated() && FieldDescriptor::IsTypePackable(field.type());
}

// Whether the field may come in this wire format; one that does not is unknown to protobuf.
bool Fits(const FieldDescriptor& field, WireFormatLite::WireType format) {
  if (format == WireFormatLite::WIRETYPE_LENGTH_DELIMITED && IsPackable(field)) return true;
  return format ==
         WireFormatLite::WireTypeForFieldType(static_cast<WireFormatLite::FieldType>(field.type()));
}

// Walks through a message once, from its first byte to its last.
class Walk {
 public:
  explicit Walk(absl::string_view bytes) : bytes_(bytes) {}

  absl::Status Through(const Descriptor& type) {
    RETURN_IF_ERROR(Message(type, bytes_.size(), {}, 0));
    return unknown_bytes_ > kUnknownBytesMax ? UnknownFieldsTooLong() : absl::OkStatus();
  }

 private:
  absl::Status Message(const Descriptor& type, size_t end, const Place& place, int depth) {
    if (depth > kDepthMax) return TooDeep();
    std::map<int, int> seen;
    while (at_ < end) {
      const size_t start = at_;
      uint32_t tag = 0;
      RETURN_IF_ERROR(Tag(end, tag));
      const int number = WireFormatLite::GetTagFieldNumber(tag);
      const WireFormatLite::WireType format = WireFormatLite::GetTagWireType(tag);
      const FieldDescriptor* field = type.FindFieldByNumber(number);
      if (field == nullptr || !Fits(*field, format)) {
        RETURN_IF_ERROR(Skip(number, format, end, depth));
        unknown_bytes_ += at_ - start;
        continue;
      }
      const int index = field->is_repeated() ? seen[number]++ : 0;
      RETURN_IF_ERROR(Known({&place, field, index}, format, end, depth));
    }
    return absl::OkStatus();
  }

  absl::Status Known(const Place& place, WireFormatLite::WireType format, size_t end, int depth) {
    if (format != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      return Skip(place.field->number(), format, end, depth);
    }
    size_t size = 0;
    RETURN_IF_ERROR(Length(end, size));
    if (place.field->type() == FieldDescriptor::TYPE_MESSAGE) {
      return Message(*place.field->message_type(), at_ + size, place, depth + 1);
    }
    if (place.field->type() == FieldDescriptor::TYPE_STRING) {
      const auto bad = FirstNotUtf8(bytes_.substr(at_, size));
      if (bad) return NotUtf8(place, *bad);
    }
    at_ += size;
    return absl::OkStatus();
  }

  absl::Status Skip(int number, WireFormatLite::WireType format, size_t end, int depth) {
    uint64_t value = 0;
    size_t size = 0;
    switch (format) {
      case WireFormatLite::WIRETYPE_VARINT:
        return Varint(end, value);
      case WireFormatLite::WIRETYPE_FIXED64:
        return Bytes(8, end);
      case WireFormatLite::WIRETYPE_FIXED32:
        return Bytes(4, end);
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        RETURN_IF_ERROR(Length(end, size));
        return Bytes(size, end);
      case WireFormatLite::WIRETYPE_START_GROUP:
        return SkipGroup(number, end, depth + 1);
      case WireFormatLite::WIRETYPE_END_GROUP:
        break;
    }
    return MessageUnreadable(at_);
  }

  absl::Status SkipGroup(int number, size_t end, int depth) {
    if (depth > kDepthMax) return TooDeep();
    for (;;) {
      const size_t start = at_;
      uint32_t tag = 0;
      RETURN_IF_ERROR(Tag(end, tag));
      const WireFormatLite::WireType format = WireFormatLite::GetTagWireType(tag);
      const int inner = WireFormatLite::GetTagFieldNumber(tag);
      if (format == WireFormatLite::WIRETYPE_END_GROUP) {
        return inner == number ? absl::OkStatus() : MessageUnreadable(start);
      }
      RETURN_IF_ERROR(Skip(inner, format, end, depth));
    }
  }

  // Bits beyond the 32 of a tag count for nothing, as they do for protobuf.
  absl::Status Tag(size_t end, uint32_t& tag) {
    const size_t start = at_;
    uint64_t value = 0;
    RETURN_IF_ERROR(Varint(end, value, kTagBytesMax));
    tag = static_cast<uint32_t>(value);
    return WireFormatLite::GetTagFieldNumber(tag) == 0 ? MessageUnreadable(start)
                                                       : absl::OkStatus();
  }

  absl::Status Varint(size_t end, uint64_t& value, int bytes_max = kVarintBytesMax) {
    const size_t start = at_;
    value = 0;
    for (int i = 0; i < bytes_max; ++i) {
      if (at_ >= end) return MessageUnreadable(start);
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
      if (byte < 0x80) return absl::OkStatus();
    }
    return MessageUnreadable(start);
  }

  // The length before a text or a message, which must be there in full.
  absl::Status Length(size_t end, size_t& size) {
    const size_t start = at_;
    uint64_t length = 0;
    RETURN_IF_ERROR(Varint(end, length, kTagBytesMax));
    if (length > end - at_) return MessageUnreadable(start);
    size = static_cast<size_t>(length);
    return absl::OkStatus();
  }

  absl::Status Bytes(size_t count, size_t end) {
    if (count > end - at_) return MessageUnreadable(at_);
    at_ += count;
    return absl::OkStatus();
  }

  const absl::string_view bytes_;
  size_t at_ = 0;
  size_t unknown_bytes_ = 0;
};

}  // namespace

absl::Status MessageUnreadable(size_t byte_offset) {
  return Refuse(absl::StatusCode::kInvalidArgument, "MESSAGE_UNREADABLE",
                {.vi = absl::StrCat("Không đọc được yêu cầu từ byte ", byte_offset,
                                    ": bị cắt ngang hoặc không phải protobuf; hãy gửi lại."),
                 .en = absl::StrCat("the request cannot be read from byte ", byte_offset,
                                    " on: it was cut off or is no protobuf; send it again")},
                {{"byte_offset", absl::StrCat(byte_offset)}});
}

absl::Status CheckMessage(const Descriptor& type, absl::string_view bytes) {
  return Walk(bytes).Through(type);
}

}  // namespace dondoc::rpc
