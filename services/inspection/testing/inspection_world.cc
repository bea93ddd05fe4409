#include "services/inspection/testing/inspection_world.h"

#include <grpcpp/grpcpp.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/base/ids.h"
#include "libs/calendar/dates.h"
#include "libs/identity/directory.h"
#include "libs/rpc/status.h"
#include "services/inspection/domain/test_department.h"
#include "services/inspection/events/registry_events.h"
#include "services/inspection/store/schema.h"

namespace dondoc::inspection::testing {
namespace {

namespace rpb = ::dondoc::registry::v1;

rpb::UnitKind ToProto(UnitKind kind) {
  switch (kind) {
    case UnitKind::kDepartment:
      return rpb::UNIT_KIND_DEPARTMENT;
    case UnitKind::kOffice:
      return rpb::UNIT_KIND_OFFICE;
    case UnitKind::kDivision:
      return rpb::UNIT_KIND_DIVISION;
    case UnitKind::kInspectorate:
      return rpb::UNIT_KIND_INSPECTORATE;
    case UnitKind::kSubDepartment:
      return rpb::UNIT_KIND_SUB_DEPARTMENT;
    case UnitKind::kPublicServiceUnit:
      return rpb::UNIT_KIND_PUBLIC_SERVICE_UNIT;
    case UnitKind::kExternal:
      return rpb::UNIT_KIND_EXTERNAL;
  }
  return rpb::UNIT_KIND_UNSPECIFIED;
}

}  // namespace

InspectionWorld::InspectionWorld()
    : clock_(StartOf(absl::CivilDay(2023, 2, 1)) + absl::Hours(8)),
      regulation_{.default_share = *Share::Parse("30"), .holidays = Holidays2023()},
      database_(identity::WithDirectory(inspection_schema()), clock_),
      service_(*database_, regulation_) {
  server_ =
      *rpc::Server::Start({.listen = "127.0.0.1:0", .service = "inspection", .reflection = false},
                          {{pb::InspectionService::service_full_name(), &service_}});
  stub_ = pb::InspectionService::NewStub(grpc::CreateChannel(
      absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
}

InspectionWorld::~InspectionWorld() {
  service_.StopFeeds();
  server_->Drain(absl::Seconds(5));
}

absl::Status InspectionWorld::Hear(absl::string_view type,
                                   const google::protobuf::Message& changed) {
  bus::Event event;
  event.id = NewUuid();
  event.type = std::string(type);
  event.source = "registry";
  event.version = ++heard_;
  event.schema = changed.GetDescriptor()->full_name();
  event.payload = changed.SerializeAsString();
  return database_->WriteAndWait([&](store::Transaction& transaction) {
    absl::Status status = absl::NotFoundError(absl::StrCat("nobody listens to ", type));
    for (const bus::Subscription& subscription : RegistrySubscriptions(regulation_)) {
      // Every pattern here ends in ".*".
      if (!absl::StartsWith(type, absl::StripSuffix(subscription.pattern, "*"))) continue;
      status = subscription.handler(transaction, event);
      if (!status.ok()) break;
    }
    return status;
  });
}

void InspectionWorld::HearUnit(const Unit& unit) {
  rpb::UnitChanged changed;
  rpb::Unit& message = *changed.mutable_unit();
  message.set_name(unit.name);
  message.set_display_name(unit.display_name);
  message.set_kind(ToProto(unit.kind));
  message.set_parent(unit.parent);
  message.set_valid_from(calendar::FormatDate(unit.valid_from));
  if (unit.valid_to) message.set_valid_to(calendar::FormatDate(*unit.valid_to));
  message.set_successor(unit.successor);
  const absl::Status heard = Hear("dondoc.registry.unit.changed", changed);
  EXPECT_TRUE(heard.ok()) << heard;
}

void InspectionWorld::HearPlan(int year, absl::string_view share) {
  rpb::PlanChanged changed;
  changed.mutable_plan()->set_name(absl::StrCat("plans/cchc-", year));
  changed.mutable_plan()->set_year(year);
  changed.mutable_plan()->set_inspection_share(std::string(share));
  const absl::Status heard = Hear("dondoc.registry.plan.imported", changed);
  EXPECT_TRUE(heard.ok()) << heard;
}

void InspectionWorld::HearDepartment() {
  for (const Unit& unit : DepartmentUnits()) HearUnit(unit);
}

pb::ProposeProgrammeRequest InspectionWorld::Proposal() {
  pb::ProposeProgrammeRequest request;
  request.set_request_id(NewUuid());
  request.set_year(2023);
  request.set_seed(27012023);
  for (const Inspector& person : FourInspectors()) {
    pb::Inspector& inspector = *request.add_inspectors();
    inspector.set_id(person.id);
    inspector.set_display_name(person.display_name);
    inspector.set_unit(person.unit);
  }
  return request;
}

pb::Programme InspectionWorld::ApprovedProgramme() {
  const auto proposed = Call(&Stub::ProposeProgramme, Proposal());
  EXPECT_TRUE(proposed.ok()) << proposed.status();
  pb::ApproveProgrammeRequest request;
  request.set_name(proposed->programme().name());
  request.set_etag(proposed->programme().etag());
  request.set_decision("05/QĐ-SKHCN");
  const auto approved = Call(&Stub::ApproveProgramme, request);
  EXPECT_TRUE(approved.ok()) << approved.status();
  return approved->programme();
}

pb::Inspection InspectionWorld::InspectionNamed(const std::string& name) {
  pb::GetInspectionRequest request;
  request.set_name(name);
  const auto response = Call(&Stub::GetInspection, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response->inspection();
}

std::vector<pb::Inspection> InspectionWorld::Inspections() {
  pb::ListInspectionsRequest request;
  request.set_parent("programmes/2023");
  const auto response = Call(&Stub::ListInspections, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return {response->inspections().begin(), response->inspections().end()};
}

pb::Inspection InspectionWorld::Concluded(const std::string& name,
                                          std::vector<pb::Finding> findings) {
  pb::NotifyInspectionRequest notify;
  notify.set_name(name);
  EXPECT_TRUE(Call(&Stub::NotifyInspection, notify).ok());
  pb::CompleteInspectionRequest complete;
  complete.set_name(name);
  for (pb::Finding& finding : findings) *complete.add_findings() = std::move(finding);
  EXPECT_TRUE(Call(&Stub::CompleteInspection, complete).ok());
  pb::ConcludeInspectionRequest conclude;
  conclude.set_name(name);
  conclude.set_document_number("12/TB-SKHCN");
  const auto concluded = Call(&Stub::ConcludeInspection, conclude);
  EXPECT_TRUE(concluded.ok()) << concluded.status();
  return concluded->inspection();
}

pb::Coverage InspectionWorld::CoverageOf(int year) {
  pb::GetCoverageRequest request;
  request.set_year(year);
  const auto response = Call(&Stub::GetCoverage, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response->coverage();
}

std::vector<std::string> InspectionWorld::EventsFrom(int64_t sequence) {
  std::vector<std::string> lines;
  const absl::Status read = database_->Read([&](store::Snapshot& snapshot) {
    for (const store::Event& event : store::ReadEvents(snapshot, sequence, 10'000)) {
      lines.push_back(absl::StrCat(absl::StripPrefix(event.type, "dondoc.inspection."), " ",
                                   event.name, " ", event.version));
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  return lines;
}

pb::Coverage InspectionWorld::PublishedCoverage(int year) {
  pb::CoverageChanged last;
  const absl::Status read = database_->Read([&](store::Snapshot& snapshot) {
    for (const store::Event& event : store::ReadEvents(snapshot, 1, 10'000)) {
      if (event.name == absl::StrCat("programmes/", year, "/coverage")) {
        last.ParseFromString(event.payload);
      }
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  return last.coverage();
}

}  // namespace dondoc::inspection::testing
