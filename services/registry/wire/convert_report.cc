#include <utility>

#include "services/registry/domain/names.h"
#include "services/registry/wire/convert.h"

namespace dondoc::registry {

pb::PeriodicReport ToProto(const PeriodicReport& report, int64_t version) {
  pb::PeriodicReport message;
  message.set_name(NameOf(report.key));
  message.set_etag(EtagOf(version));
  message.set_label(report.label);
  message.set_window_start(DateText(report.window_start));
  message.set_window_end(DateText(report.window_end));
  message.set_due_date(DateText(report.due));
  for (const ReportDelivery& delivery : report.deliveries) {
    pb::ReportDelivery& added = *message.add_deliveries();
    added.set_unit(UnitName(delivery.unit));
    added.set_delivered_date(DateText(delivery.delivered));
    added.set_document_number(delivery.document_number);
  }
  return message;
}

PeriodicReport RestoreReport(const pb::PeriodicReport& message) {
  PeriodicReport report;
  report.key = ParseReportName("body", message.name()).value();
  report.label = message.label();
  report.window_start = RestoreDate(message.window_start());
  report.window_end = RestoreDate(message.window_end());
  report.due = RestoreDate(message.due_date());
  for (const pb::ReportDelivery& delivery : message.deliveries()) {
    report.deliveries.push_back({.unit = ParseUnitName("body", delivery.unit()).value(),
                                 .delivered = RestoreDate(delivery.delivered_date()),
                                 .document_number = delivery.document_number()});
  }
  return report;
}

}  // namespace dondoc::registry
