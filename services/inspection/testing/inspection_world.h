#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "dondoc/inspection/v1/events.pb.h"
#include "dondoc/inspection/v1/inspection_service.grpc.pb.h"
#include "dondoc/registry/v1/events.pb.h"
#include "libs/base/clock.h"
#include "libs/rpc/server.h"
#include "libs/rpc/status.h"
#include "libs/store/test_database.h"
#include "services/inspection/domain/regulation.h"
#include "services/inspection/rpc/inspection_service.h"

namespace dondoc::inspection::testing {

// The whole service but its broker: a real server on a free port, a real database in a temporary
// folder, a clock that stands until it is set. Events of the registry are handed in by hand, as the
// consumer does. For tests.
class InspectionWorld : public ::testing::Test {
 protected:
  InspectionWorld();
  ~InspectionWorld() override;

  void SetToday(absl::CivilDay day) { clock_.Set(StartOf(day) + absl::Hours(8)); }

  // Applies an event of the registry.
  absl::Status Hear(absl::string_view type, const google::protobuf::Message& changed);
  void HearUnit(const Unit& unit);
  void HearPlan(int year, absl::string_view share);
  // Nine units that count; see domain/test_department.h.
  void HearDepartment();

  // A proposal for 2023 with four inspectors and a fixed seed.
  static pb::ProposeProgrammeRequest Proposal();
  // Proposes and approves it.
  pb::Programme ApprovedProgramme();
  pb::Inspection InspectionNamed(const std::string& name);
  std::vector<pb::Inspection> Inspections();
  // Planned -> notified -> done with `findings` -> concluded.
  pb::Inspection Concluded(const std::string& name, std::vector<pb::Finding> findings = {});
  pb::Coverage CoverageOf(int year);

  // Calls an RPC: Call(&Stub::GetProgramme, request).
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (pb::InspectionService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    grpc::ClientContext context;
    context.AddMetadata("dondoc-actor", "van-phong");
    Response response;
    const grpc::Status status = (*stub_.*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

  int64_t LastSequence() { return database_->LastSequence(); }
  // "type name version" of every event from `sequence` on.
  std::vector<std::string> EventsFrom(int64_t sequence);
  // The coverage of `year` as it was last published.
  pb::Coverage PublishedCoverage(int year);

  using Stub = pb::InspectionService::Stub;

  FixedClock clock_;
  Regulation regulation_;
  dondoc::testing::TestDatabase database_;
  // The version of the last event, whatever it was about: it only has to grow.
  int64_t heard_ = 0;
  InspectionService service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<pb::InspectionService::Stub> stub_;
};

}  // namespace dondoc::inspection::testing
