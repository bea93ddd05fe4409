#include <gmock/gmock.h>

#include "services/cli/program_fixture.h"

namespace dondoc::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace pb = registry::v1;
using testing::Program;
using testing::Result;

constexpr char kUnits[] =
    "# minh hoạ\n"
    "id,name,kind,parent,valid_from,aliases\n"
    "so,Sở,department,,01/01/2016,\n"
    "van-phong,Văn phòng,office,so,2016-01-01,Văn phòng Sở|VP Sở\n";

TEST_F(Program, UnitImportSendsEveryRowOnceAndPassesOverWhatIsThere) {
  const std::string path = WriteFile("units.csv", kUnits);
  EXPECT_THAT(Run("unit import " + path).out, HasSubstr("Đã thêm 2 đơn vị, 0 đã có"));
  EXPECT_THAT(registry_.request_ids, SizeIs(2));

  pb::Unit& office = registry_.units.emplace_back();
  office.set_name("units/van-phong");
  office.set_display_name("Văn phòng");
  office.set_kind(pb::UNIT_KIND_OFFICE);
  office.set_parent("units/so");
  office.set_valid_from("2016-01-01");
  office.set_etag("\"3\"");
  office.add_aliases("Văn phòng Sở");
  office.add_aliases("VP Sở");
  EXPECT_THAT(Run("unit import " + path).out, HasSubstr("Đã thêm 1 đơn vị, 1 đã có"));
  EXPECT_THAT(registry_.request_ids, SizeIs(3));
}

struct ImportCase {
  const char* rows;
  const char* complaint;
};

// Names the case in ctest's list; otherwise its bytes would, which differ in every build.
void PrintTo(const ImportCase& c, std::ostream* out) {
  // ctest cannot run a case whose name holds quotes.
  for (const char* at = c.complaint; *at != '\0'; ++at) *out << (*at == '"' ? '\'' : *at);
}

class BadImports : public Program, public ::testing::WithParamInterface<ImportCase> {};

TEST_P(BadImports, NameTheRowAndSendNothing) {
  const std::string path = WriteFile(
      "bad.csv", absl::StrCat("id,name,kind,parent,valid_from\nso,Sở,department,,2016-01-01\n",
                              GetParam().rows));
  const Result result = Run("unit import " + path);
  EXPECT_EQ(result.exit, 2) << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().complaint));
  EXPECT_THAT(result.err, HasSubstr("Dòng 3"));
  EXPECT_THAT(registry_.request_ids, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Program, BadImports,
    ::testing::Values(ImportCase{"Van Phong,VP,office,so,2016-01-01\n", "cột \"id\""},
                      ImportCase{"vp,VP,phong,so,2016-01-01\n", "public-service-unit"},
                      ImportCase{"vp,VP,office,ubnd,2016-01-01\n", "\"ubnd\""},
                      ImportCase{"vp,VP,office,so,01/2016\n", "cột \"valid_from\""},
                      ImportCase{"so,Sở,department,,2016-01-01\n", "đã có ở dòng 2"},
                      ImportCase{"vp,VP,office\n", "3 ô"}));

}  // namespace
}  // namespace dondoc::cli
