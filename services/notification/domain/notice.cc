#include "services/notification/domain/notice.h"

#include "libs/base/clock.h"

namespace dondoc::notification {

Telling Notice::telling() const {
  return {.kind = kind,
          .days_left = days_left,
          .due = due,
          .planned_on = DateOf(planned_at),
          .told_on = DateOf(told_at)};
}

}  // namespace dondoc::notification
