#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/base/refusal.h"

// Every way the store can say no.
namespace dondoc::store::error {

inline absl::Status UrlNotUnderstood(absl::string_view url) {
  return Refuse(absl::StatusCode::kInvalidArgument, "DATABASE_URL_INVALID",
                {.vi = absl::StrCat("Không hiểu địa chỉ cơ sở dữ liệu \"", url,
                                    "\"; hãy viết sqlite:/đường/dẫn/tệp.db hoặc "
                                    "postgresql://máy/tên."),
                 .en = absl::StrCat("the database \"", url,
                                    "\" is not understood; write sqlite:/path/to/file.db or "
                                    "postgresql://host/name")});
}

// Does not repeat the URL: there may be a password in it.
inline absl::Status PostgresUrlNotUnderstood() {
  return Refuse(absl::StatusCode::kInvalidArgument, "DATABASE_URL_INVALID",
                {.vi = "Không hiểu địa chỉ PostgreSQL; hãy viết "
                       "postgresql://người_dùng@máy:5432/tên?passfile=/đường/dẫn/tệp.",
                 .en = "the address of PostgreSQL is not understood; write "
                       "postgresql://user@host:5432/name?passfile=/path/to/file"});
}

inline absl::Status DatabaseUnreachable(absl::string_view name) {
  return Refuse(
      absl::StatusCode::kUnavailable, "DATABASE_UNREACHABLE",
      {.vi = absl::StrCat("Không kết nối được cơ sở dữ liệu ", name, "; hãy thử lại sau giây lát."),
       .en = absl::StrCat("the database ", name, " cannot be reached; try again in a moment")});
}

inline absl::Status OutcomeUnknown() {
  return Refuse(absl::StatusCode::kUnavailable, "OUTCOME_UNKNOWN",
                {.vi = "Mất kết nối cơ sở dữ liệu khi đang ghi nên chưa biết đã ghi xong hay chưa; "
                       "hãy gửi lại với cùng request_id.",
                 .en = "the connection to the database was lost while writing, so nobody knows "
                       "whether it was written; send it again with the same request_id"});
}

inline absl::Status DatabaseBusy() {
  return Refuse(absl::StatusCode::kUnavailable, "DATABASE_BUSY",
                {.vi = "Cơ sở dữ liệu đang bận; hãy thử lại sau giây lát.",
                 .en = "the database is busy; try again in a moment"});
}

inline absl::Status DatabaseSetting(absl::string_view name, absl::string_view setting,
                                    absl::string_view wanted) {
  return Refuse(
      absl::StatusCode::kFailedPrecondition, "DATABASE_SETTING",
      {.vi = absl::StrCat("Cơ sở dữ liệu ", name, " phải có ", setting, " = ", wanted, "."),
       .en = absl::StrCat("the database ", name, " must have ", setting, " = ", wanted)},
      {{"setting", std::string(setting)}});
}

inline absl::Status AlreadyOpen(absl::string_view file) {
  return Refuse(
      absl::StatusCode::kFailedPrecondition, "DATABASE_IN_USE",
      {.vi = absl::StrCat("Cơ sở dữ liệu ", file,
                          " đang được một tiến trình khác mở; hãy dừng tiến trình đó trước."),
       .en = absl::StrCat("the database ", file,
                          " is open in another process; stop that one first")});
}

inline absl::Status CannotOpen(absl::string_view file, absl::string_view why) {
  return absl::UnavailableError(absl::StrCat("cannot open ", file, ": ", why));
}

inline absl::Status StorageDamaged(absl::string_view file) {
  return Refuse(
      absl::StatusCode::kDataLoss, "STORAGE_DAMAGED",
      {.vi = absl::StrCat("Cơ sở dữ liệu ", file,
                          " bị hỏng; hãy dừng dịch vụ và khôi phục tệp từ bản sao lưu gần nhất."),
       .en = absl::StrCat("the database ", file,
                          " is damaged; stop the service and restore the file from the last "
                          "backup")},
      {{"file", std::string(file)}});
}

inline absl::Status Stopping() {
  return Refuse(
      absl::StatusCode::kUnavailable, "STOPPING",
      {.vi = "Dịch vụ đang dừng; hãy thử lại.", .en = "the service is stopping; try again"});
}

inline absl::Status QueueFull() {
  return Refuse(absl::StatusCode::kUnavailable, "WRITE_QUEUE_FULL",
                {.vi = "Dịch vụ đang quá tải; hãy thử lại sau giây lát.",
                 .en = "too many writes are waiting; try again in a moment"});
}

inline absl::Status StorageFull() {
  return Refuse(absl::StatusCode::kResourceExhausted, "STORAGE_FULL",
                {.vi = "Ổ đĩa của dịch vụ đã đầy; chưa có gì được ghi. Hãy báo bộ phận vận hành.",
                 .en = "the disk of the service is full; nothing was written. Tell the operators"});
}

inline absl::Status LeaseLost(absl::string_view name) {
  return Refuse(
      absl::StatusCode::kAborted, "LEASE_LOST",
      {.vi = absl::StrCat("Tiến trình khác đã nhận việc \"", name, "\"; ở đây không làm nữa."),
       .en = absl::StrCat("another process has taken over \"", name, "\"; it is not done here")},
      {{"lease", std::string(name)}});
}

// What only the replica that is on duty does.
inline absl::Status NotOnDuty() {
  return Refuse(absl::StatusCode::kFailedPrecondition, "NOT_ON_DUTY",
                {.vi = "Bản sao này của dịch vụ đang dự phòng; hãy hỏi bản sao đang trực.",
                 .en = "this replica of the service stands by; ask the one that is on duty"});
}

inline absl::Status RequestIdReused(absl::string_view request_id) {
  return Refuse(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED",
                {.vi = absl::StrCat("request_id ", request_id,
                                    " đã dùng cho một yêu cầu khác; hãy tạo mã mới."),
                 .en = absl::StrCat("request_id ", request_id,
                                    " was used for another request; make a new one")},
                {{"field", "request_id"}, {"request_id", std::string(request_id)}});
}

}  // namespace dondoc::store::error
