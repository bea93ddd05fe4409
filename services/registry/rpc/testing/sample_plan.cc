#include "services/registry/rpc/testing/sample_plan.h"

#include "absl/strings/str_cat.h"

namespace dondoc::registry::testing {
namespace {

constexpr char kBody[] = R"(Số: /KH-SMH

Cần Thơ, ngày 27 tháng 01 năm 2023

KẾ HOẠCH Công tác cải cách hành chính năm 2023

Thực hiện Kế hoạch số 241/KH-UBND ngày 09 tháng 12 năm 2022 của Ủy ban nhân dân thành phố;

Sở Minh họa xây dựng Kế hoạch thực hiện công tác cải cách hành chính năm 2023, cụ thể như sau:

I. MỤC TIÊU

Phấn đấu đến cuối năm 2023, Sở đạt các mục tiêu về cải cách hành chính, gồm:

1. Về cải cách thể chế

Rà soát, kiểm tra 100% văn bản quy phạm pháp luật do Sở tham mưu ban hành.

2. Về cải cách thủ tục hành chính

a) Mức độ hài lòng của người dân, doanh nghiệp về giải quyết thủ tục hành chính đạt tối thiểu 86%;

b) Tỷ lệ hồ sơ giải quyết trước hạn đạt trên 95%.

II. NHIỆM VỤ TRỌNG TÂM

1. Công tác chỉ đạo, điều hành

a) Thường xuyên kiểm tra, đôn đốc việc thực hiện các nhiệm vụ được giao.

III. TỔ CHỨC THỰC HIỆN

1. Thủ trưởng các Phòng, đơn vị:

a) Triển khai Kế hoạch này đến công chức, viên chức.

b) Báo cáo định kỳ (quý I, quý II, 6 tháng, năm) và các báo cáo đột xuất theo chỉ đạo.

2. Văn phòng Sở:

a) Chủ trì, đôn đốc, theo dõi các phòng, đơn vị triển khai thực hiện Kế hoạch;

b) Tổ chức kiểm tra công tác này; đảm bảo kiểm tra ít nhất 30% số phòng, đơn vị.

Nơi nhận:

- Sở Nội vụ;
- Lưu: VT.

KT.GIÁM ĐỐC
PHÓ GIÁM ĐỐC

Nguyễn Văn Minh Họa

Phụ lục
DANH MỤC CÁC NHIỆM VỤ CỤ THỂ NĂM 2023
(Kèm theo Kế hoạch số /KH-SMH ngày 27 tháng 01 năm 2023 của Sở Minh họa)

)";

constexpr char kHeading[] =
    "Stt\tNội dung hoạt động\tSản phẩm\tCơ quan chủ trì\tCơ quan phối hợp\tThời gian thực hiện\n"
    "I\tCông tác chỉ đạo, điều hành\t\t\t\t\n";

}  // namespace

std::string SampleRows() {
  return "1\tBan hành kế hoạch và thực hiện kiểm tra\tKế hoạch của Sở\tVăn phòng\t"
         "Các phòng, đơn vị có liên quan\t"
         "Ban hành kế hoạch: Quý I/2023. Thực hiện: Trong năm 2023.\n"
         "2\tThống kê, công bố thủ tục nội bộ\tDanh mục\tCác phòng, đơn vị có liên quan\t"
         "Văn phòng\tTháng 4/2023.\n"
         "II\tCải cách tài chính công\t\t\t\t\n"
         "3\tRà soát danh mục dịch vụ\tNghị quyết (nếu có sửa đổi, bổ sung)\tCác đơn vị\t"
         "Văn phòng\tTrong năm 2023.\n"
         "4\tThực hiện đúng quy định về tuyển dụng\tKết quả tuyển dụng\t"
         "- Văn phòng - Chi cục Đo lường\t-\tTrong năm 2023.\n"
         "5\tRà soát, đơn giản hóa thủ tục\tTờ trình\tCác đơn vị\tVăn phòng UBND TP\t"
         "Quý III năm 2023.\n";
}

std::string SamplePlanWithRows(const std::string& rows, int total) {
  return absl::StrCat(kBody, kHeading, rows, "TỔNG CỘNG: ", total, " NHIỆM VỤ\t\t\t\t\t\n");
}

std::string SamplePlan() { return SamplePlanWithRows(SampleRows(), 5); }

}  // namespace dondoc::registry::testing
