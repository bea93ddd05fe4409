#include "services/notification/domain/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace dondoc::notification {
namespace {

using Bytes4 = std::array<uint8_t, 4>;

struct Block4 {
  Bytes4 address;
  int bits;
};

// "This network", link-local, multicast, reserved and broadcast; then the metadata services of
// Azure, Oracle and Alibaba, which have ordinary addresses.
constexpr Block4 kForbidden4[] = {
    {{0, 0, 0, 0}, 8},          {{169, 254, 0, 0}, 16},   {{224, 0, 0, 0}, 4},
    {{240, 0, 0, 0}, 4},        {{168, 63, 129, 16}, 32}, {{192, 0, 0, 192}, 32},
    {{100, 100, 100, 200}, 32},
};

struct Block6 {
  const char* prefix;
  int bits;
};

// Link-local, site-local of old, multicast, and the metadata service of AWS.
constexpr Block6 kForbidden6[] = {
    {"fe80::", 10}, {"fec0::", 10}, {"ff00::", 8}, {"fd00:ec2::254", 128}};

// IPv6 blocks that carry an IPv4 address, and where.
struct Carrier {
  const char* prefix;
  int bits;
  int offset;
};
constexpr Carrier kCarriers[] = {
    {"::ffff:0:0", 96, 12}, {"64:ff9b::", 96, 12}, {"2002::", 16, 2}, {"::", 96, 12}};

template <typename Bytes>
bool SameStart(const Bytes& a, const Bytes& b, int bits) {
  for (size_t i = 0; bits > 0; ++i, bits -= 8) {
    const uint8_t mask = bits >= 8 ? 0xFF : static_cast<uint8_t>(0xFF << (8 - bits));
    if ((a[i] & mask) != (b[i] & mask)) return false;
  }
  return true;
}

IpAddress Ip6(const char* text) {
  IpAddress address{};
  inet_pton(AF_INET6, text, address.data());
  return address;
}

AddressClass Classify4(const Bytes4& address) {
  for (const Block4& block : kForbidden4) {
    if (SameStart(address, block.address, block.bits)) return AddressClass::kForbidden;
  }
  return address[0] == 127 ? AddressClass::kLoopback : AddressClass::kOrdinary;
}

}  // namespace

AddressClass Classify(const IpAddress& address) {
  if (address == Ip6("::1")) return AddressClass::kLoopback;
  for (const Carrier& carrier : kCarriers) {
    if (!SameStart(address, Ip6(carrier.prefix), carrier.bits)) continue;
    Bytes4 inside;
    std::copy_n(address.begin() + carrier.offset, inside.size(), inside.begin());
    return Classify4(inside);
  }
  for (const Block6& block : kForbidden6) {
    if (SameStart(address, Ip6(block.prefix), block.bits)) return AddressClass::kForbidden;
  }
  return AddressClass::kOrdinary;
}

std::optional<IpAddress> ParseIp(absl::string_view text) {
  const std::string terminated(text);
  IpAddress address{};
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  Bytes4 four;
  if (inet_pton(AF_INET, terminated.c_str(), four.data()) != 1) return std::nullopt;
  address = Ip6("::ffff:0:0");
  std::copy(four.begin(), four.end(), address.begin() + 12);
  return address;
}

std::string FormatIp(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (SameStart(address, Ip6("::ffff:0:0"), 96)) {
    inet_ntop(AF_INET, address.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, address.data(), text, sizeof text);
  }
  return text;
}

}  // namespace dondoc::notification
