#pragma once

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "libs/identity/access_table.h"
#include "tests/system/guarded.h"
#include "tests/system/scoped_requests.h"

namespace dondoc::testing {

constexpr char kOfficePerson[] = "van-phong";

// Every method of every service; a test holds this list against the rows of proto/access.csv.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();

const identity::MethodRule& RuleOf(const google::protobuf::MethodDescriptor& method);
bool IsForOperators(const identity::MethodRule& rule);

// Where a grant is, and whether it reaches kOwnUnit by each scope.
struct Place {
  std::string name;
  std::string unit;
  bool by_subtree;
  bool by_unit;
};
const std::vector<Place>& AllPlaces();

// A city behind mutual TLS in which everybody that the matrix calls as holds what they hold.
// Started once for all tests.
class Access : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  static void GiveFirstOffice();

  // Until the service has heard of the grant that lets this caller in.
  static void AwaitEntrance(const std::string& method, const Shown& shown);
  static std::string Give(const std::string& principal, const std::string& role,
                          const std::string& unit, const std::string& from = "");
  static void End(const std::string& grant);

  // Everybody that the matrix calls as. The last of all lets the caller in whom every service is
  // asked about, so that each has heard of all before.
  static void GiveRoles();

  // So that there is something to come for it.
  static void MoveAheadTheDeadlineOfOwnUnit();
  static std::string NameOf(identity::Role role, const Place& place);
  static std::string PrincipalOf(identity::Role role, const Place& place);
  static Shown ShownOf(identity::Role role, const Place& place);

  // Whoever is let in furthest: the first role that the method names, for the whole register; for
  // operators the service that each method is asked of.
  static Shown Entitled(const identity::MethodRule& rule);
  // On the port where the method is served.
  static Answer AskWhereServed(const google::protobuf::MethodDescriptor& method,
                               const std::string& request, const Shown& shown);

  // Once nothing moves any more.
  static std::map<std::string, std::string> SettledEndsOfLogs();

  // Neither these, nor any token or what comes with one, in the log of any service.
  static void ExpectNoSecretInTheLogs(const std::vector<std::string>& secrets);

  // The request about kOwnUnit where the method has one; else one that says nothing.
  static std::string RequestOf(const google::protobuf::MethodDescriptor& method);
  // Whether a list, or what is counted in it, has kOwnUnit in it.
  static bool Shows(const google::protobuf::MethodDescriptor& method, const std::string& bytes);
  static void ExpectRefused(const Answer& answer, const std::string& reason,
                            const std::string& cell);
  // It was let in: what the service said of the request is its own affair, but it did say
  // something.
  static void ExpectEntered(const Answer& answer, const std::string& cell);
  static void ExpectCell(const google::protobuf::MethodDescriptor& method, identity::Role role,
                         const Place& place);

  static City* city_;
  static Inspected* inspected_;
  static std::map<std::string, ScopedRequest>* scoped_;
  static Guarded* guarded_;
};

}  // namespace dondoc::testing
