// What the doors do with every call, whatever it is about, with the real programs: a record of
// those that are audited, a limit to how large and how often, nothing written for who is refused,
// and nothing of a secret in a log. The rows of proto/access.csv say for which methods.
#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "libs/base/refusal.h"
#include "libs/base/status_matchers.h"
#include "libs/rpc/message_check.h"
#include "tests/system/access_fixture.h"

namespace dondoc::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using identity::MethodRule;
using identity::Role;
using ::testing::HasSubstr;
using ::testing::Not;

std::string AllLogs(const City& city) {
  std::string logs;
  for (const std::string& service : ServiceNames()) logs += city.LogOf(service);
  return logs;
}

// ---- The record ---------------------------------------------------------------------------------

// Who is on record as having called, and how a record of it reads on. Where nobody has to be
// anybody, it is enough that the call is.
std::vector<std::string> RecordsOf(const MethodRule& rule, const std::string& nobody,
                                   const std::string& entitled) {
  const std::string method = absl::StrCat(" method=", rule.method, " outcome=");
  if (rule.anyone) return {method};
  return {absl::StrCat(" caller=", nobody, method), absl::StrCat(" caller=", entitled, method)};
}

TEST_F(Access, IsOnRecordForEveryAuditedMethodLetInOrNot) {
  const Shown nobody = Guarded::System("ghi-so");
  for (const MethodDescriptor* method : AllMethods()) {
    const MethodRule& rule = RuleOf(*method);
    AskWhereServed(*method, "", IsForOperators(rule) ? Shown{.peer = kStranger} : nobody);
    AskWhereServed(*method, "", Entitled(rule));
  }
  for (const MethodDescriptor* method : AllMethods()) {
    const MethodRule& rule = RuleOf(*method);
    if (!rule.audited) {
      EXPECT_THAT(AllLogs(*city_), Not(HasSubstr(absl::StrCat(" method=", rule.method, " "))));
      continue;
    }
    const bool admin = IsForOperators(rule);
    const std::string nobodys = absl::StrCat("system:", admin ? kStranger : "ghi-so");
    const std::string entitled = admin || rule.anyone
                                     ? absl::StrCat("system:", Entitled(rule).peer)
                                     : PrincipalOf(rule.roles.front(), AllPlaces().front());
    for (const std::string& record : RecordsOf(rule, nobodys, entitled)) {
      EXPECT_TRUE(Eventually([&] { return absl::StrContains(AllLogs(*city_), record); })) << record;
    }
  }
}

// ---- How large ----------------------------------------------------------------------------------

// Gives the first text that the message has, itself or within another, `bytes` bytes.
bool FillText(Message& message, size_t bytes) {
  const Descriptor& type = *message.GetDescriptor();
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const std::string text(bytes, 'x');
  for (int f = 0; f < type.field_count(); ++f) {
    const FieldDescriptor* field = type.field(f);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      field->is_repeated() ? reflection.AddString(&message, field, text)
                           : reflection.SetString(&message, field, text);
      return true;
    }
  }
  for (int f = 0; f < type.field_count(); ++f) {
    const FieldDescriptor* field = type.field(f);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    Message* within = field->is_repeated() ? reflection.AddMessage(&message, field)
                                           : reflection.MutableMessage(&message, field);
    if (FillText(*within, bytes)) return true;
  }
  return false;
}

// A request of the method with a text of so many bytes; where it has no text, with a field that
// nobody knows.
std::string Padded(const MethodDescriptor& method, size_t bytes) {
  static auto* const factory = new google::protobuf::DynamicMessageFactory;
  const std::unique_ptr<Message> request(factory->GetPrototype(method.input_type())->New());
  if (!FillText(*request, bytes)) {
    EXPECT_LT(bytes, rpc::kUnknownBytesMax) << RowOf(method);
    constexpr int kNobodysField = 18'000;
    request->GetReflection()
        ->MutableUnknownFields(request.get())
        ->AddLengthDelimited(kNobodysField, std::string(bytes, 'x'));
  }
  return request->SerializeAsString();
}

TEST_F(Access, IsRefusedToARequestThatIsTooLargeOnEveryRow) {
  for (const MethodDescriptor* method : AllMethods()) {
    const MethodRule& rule = RuleOf(*method);
    const auto limit = static_cast<size_t>(rule.request_bytes_max);
    const Answer answer = AskWhereServed(*method, Padded(*method, limit), Entitled(rule));
    if (rule.request_bytes_max == identity::AccessTable::kRequestBytesMax) {
      // What no server takes is refused by gRPC itself, which reads no more of it.
      EXPECT_FALSE(answer.status.ok()) << rule.method;
      EXPECT_EQ(answer.status.code(), absl::StatusCode::kResourceExhausted)
          << rule.method << ": " << answer.status;
      continue;
    }
    EXPECT_EQ(ReasonOf(answer.status), "REQUEST_TOO_LARGE") << rule.method << ": " << answer.status;
  }
}

// ---- How often ----------------------------------------------------------------------------------

// One row for each kind of handler of each service, the one with the fewest calls; every row with
// at most a call each second; and GetValue, whose reactor is its own. All of them would be a
// hundred thousand calls.
std::set<std::string> RowsToExhaust() {
  constexpr int kFew = 60;
  std::set<std::string> rows = {"dondoc.kpi.v1.KpiService/GetValue"};
  std::map<std::tuple<std::string, bool, bool, bool>, const MethodRule*> fewest;
  for (const MethodDescriptor* method : AllMethods()) {
    const MethodRule& rule = RuleOf(*method);
    if (rule.per_minute <= kFew) rows.insert(rule.method);
    const MethodRule*& known = fewest[{method->service()->full_name(), method->client_streaming(),
                                       method->server_streaming(), rule.audited}];
    if (known == nullptr || rule.per_minute < known->per_minute) known = &rule;
  }
  for (const auto& [kind, rule] : fewest) rows.insert(rule->method);
  return rows;
}

// A caller that no test knows, so that nothing is done for it and none of its calls are used up:
// how often comes before which grant.
TEST_F(Access, IsRefusedToWhoCallsTooOftenOnARowOfEachKind) {
  constexpr int kThreads = 4;
  for (const std::string& row : RowsToExhaust()) {
    const MethodDescriptor& method = MethodNamed(row);
    const MethodRule& rule = RuleOf(method);
    const Shown often =
        IsForOperators(rule) ? Shown{.peer = kStranger} : Guarded::System("hay-goi");
    // The connection is made here, before there are threads.
    const absl::Time start = absl::Now();
    std::atomic<int> let_in = 0;
    std::atomic<bool> refused = false;
    const auto call = [&] {
      const Answer answer = AskWhereServed(method, "", often);
      if (ReasonOf(answer.status) != "TOO_MANY_CALLS") return ++let_in;
      refused = true;
      EXPECT_THAT(answer.status, StatusIs(absl::StatusCode::kResourceExhausted)) << row;
      return let_in.load();
    };
    call();
    const auto refilled = [&] {
      return static_cast<int>(absl::ToDoubleMinutes(absl::Now() - start) * rule.per_minute);
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        while (!refused && let_in <= rule.per_minute + refilled() + kThreads) call();
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(refused) << row << " after " << let_in << " calls";
    // The test of the record made two.
    EXPECT_GE(let_in, rule.per_minute - 2) << row;
  }
}

}  // namespace
}  // namespace dondoc::testing
