#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace dondoc::notification {

// An IP address as 16 bytes; IPv4 as ::ffff:a.b.c.d.
using IpAddress = std::array<uint8_t, 16>;

// What a webhook may find at the other end of a connection.
enum class AddressClass {
  // A host on the internet, or on a private network: other systems of a city have private
  // addresses.
  kOrdinary,
  // This machine.
  kLoopback,
  // Never: link-local (where cloud metadata lives), other metadata services, multicast, broadcast,
  // unspecified and reserved.
  kForbidden,
};

// Looks through the spellings of IPv4 inside IPv6 (mapped, compatible, NAT64, 6to4).
AddressClass Classify(const IpAddress& address);

// Reads "192.0.2.1" or "2001:db8::1", in canonical spelling or not. Nothing for anything else.
std::optional<IpAddress> ParseIp(absl::string_view text);

// Canonical spelling.
std::string FormatIp(const IpAddress& address);

}  // namespace dondoc::notification
