#pragma once

#include <cstddef>

namespace dondoc {

// Fills `bytes` with random bytes of the operating system's quality, each given out once.
// Thread-safe.
//
// For names that must not meet (ids, traces): each thread takes its bytes from a store of its own,
// because asking OpenSSL for a few at a time costs a call of the API a tenth of its time. Secrets
// (keys, tokens) are asked of OpenSSL or libsodium directly, and never lie in that store.
void FillRandom(unsigned char* bytes, size_t count);

}  // namespace dondoc
