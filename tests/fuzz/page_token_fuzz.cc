// Page tokens: libs/rpc/page.h. A filter, and a token or the key of a row.
#include "libs/rpc/page.h"
#include "tests/fuzz/fuzz.h"

using namespace dondoc;

int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::vector<std::string> pieces = fuzz::Pieces(fuzz::BytesOf(data, size), 2);
  const std::string& filter = pieces[0];
  const auto page = rpc::ReadPage(static_cast<int32_t>(size % 3), pieces[1], filter);
  fuzz::ExpectGoodRefusal(page);
  if (page.ok() && !pieces[1].empty()) {
    fuzz::Expect(rpc::NextPageToken(page->after, filter) == pieces[1],
                 "a token that is accepted is one that was given");
  }

  const std::string token = rpc::NextPageToken(pieces[1], filter);
  const auto next = rpc::ReadPage(1, token, filter);
  fuzz::Expect(next.ok() && next->after == pieces[1], "a token that was given is accepted");
  fuzz::Expect(!rpc::ReadPage(1, token, filter + "x").ok(), "a token is for one list only");
  return 0;
}
