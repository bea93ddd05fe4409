#pragma once

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/registry/domain/plan/plan_document.h"

namespace dondoc::registry::plan {

// Reads the time column of a task.
//
//   time    := phase | labelled { labelled }
//   labelled:= label ":" phase              "Ban hành kế hoạch: Quý I/2023. Thực hiện: …"
//   phase   := period [ "." | ";" ]         the mark may be missing between two phases
//   period  := ["trong" | "cả"] YEAR                        "Trong năm 2023", "Cả năm 2023"
//            | "quý" Q [{"," ["quý"] Q} | ("đến"|"-") ["quý"] Q] YEAR     "Quý III, IV năm 2023"
//            | ["từ"] "tháng" M [("đến"|"-") ["tháng"] M] YEAR            "Tháng 7/2023"
//            | "6 tháng" ("đầu"|"cuối") YEAR
//            | ["vào"] "ngày" DATE | ("trước"|"chậm nhất"|"đến" …) "ngày" DATE
//   YEAR    := "năm" yyyy | "/" yyyy        DATE := d/m/yyyy | d tháng m năm yyyy
//
// Letter case never matters. Quarters in a list must follow each other, because one window cannot
// have a hole. Anything else is nothing: a deadline is never guessed.
//
// Windows hold both ends. "Trước ngày 15/3" ends on 14/3: the day itself is too late. A window that
// only says its end starts on 1 January of that year.
std::optional<std::vector<PlanPhase>> ReadDueText(absl::string_view text);

}  // namespace dondoc::registry::plan
