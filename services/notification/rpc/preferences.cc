#include "services/notification/rpc/preferences.h"

#include <string>
#include <vector>

#include "libs/base/status_macros.h"
#include "libs/rpc/page.h"
#include "services/notification/domain/errors.h"
#include "services/notification/domain/names.h"
#include "services/notification/store/deadlines.h"
#include "services/notification/store/preferences.h"

namespace dondoc::notification {

absl::StatusOr<pb::SetPlanRulesResponse> SetPlanRules(const rpc::Call&,
                                                      store::Transaction& transaction,
                                                      const pb::SetPlanRulesRequest& request) {
  const std::string& plan = request.rules().plan();
  RETURN_IF_ERROR(CheckPlanName("rules.plan", plan));
  ASSIGN_OR_RETURN(const PlanRules rules, CheckRules(FromProto(request.rules())));
  KeptRules kept = FindRules(transaction.sql(), plan).value_or(KeptRules{.plan = plan});
  const std::string etag = Etag(kept.version);
  if (!request.rules().etag().empty() && request.rules().etag() != etag) {
    return error::EtagStale(request.rules().etag(), etag);
  }
  kept.rules = rules;
  ++kept.version;
  PutRules(transaction, kept);
  RulesChanged(transaction.sql(), plan, transaction.now());

  pb::SetPlanRulesResponse response;
  *response.mutable_rules() = ToProto(kept.rules, kept.plan, kept.version);
  return response;
}

absl::StatusOr<pb::GetPlanRulesResponse> GetPlanRules(const rpc::Call&, store::Snapshot& snapshot,
                                                      const pb::GetPlanRulesRequest& request) {
  RETURN_IF_ERROR(CheckPlanName("plan", request.plan()));
  const KeptRules kept = RulesFor(snapshot.sql(), request.plan());
  pb::GetPlanRulesResponse response;
  *response.mutable_rules() = ToProto(kept.rules, kept.plan, kept.version);
  return response;
}

absl::StatusOr<pb::SetContactResponse> SetContact(const rpc::Call& call,
                                                  store::Transaction& transaction,
                                                  const pb::SetContactRequest& request,
                                                  LoopbackRule loopback) {
  Contact contact = FromProto(request.contact());
  RETURN_IF_ERROR(CheckUnitName("contact.recipient", contact.recipient));
  RETURN_IF_ERROR(identity::CheckUnit(call.reach(), contact.recipient));
  KeptContact kept = FindContact(transaction.sql(), contact.recipient);
  const bool same_webhook = contact.webhook_url == kept.contact.webhook_url;
  if (contact.webhook_secret.empty() && same_webhook) {
    contact.webhook_secret = kept.contact.webhook_secret;
  }
  RETURN_IF_ERROR(CheckContact(contact, loopback));
  kept.contact = std::move(contact);
  kept.set_by_hand = true;
  ++kept.version;
  PutContact(transaction, kept);

  pb::SetContactResponse response;
  *response.mutable_contact() = ToProto(kept.contact);
  return response;
}

absl::StatusOr<pb::ListContactsResponse> ListContacts(const rpc::Call&, store::Snapshot& snapshot,
                                                      const pb::ListContactsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page,
                   rpc::ReadPage(request.page_size(), request.page_token(), "contacts"));
  pb::ListContactsResponse response;
  for (const Contact& contact : ContactsAfter(snapshot.sql(), page.after, page.size + 1)) {
    if (response.contacts_size() == page.size) {
      const std::string& last = response.contacts(page.size - 1).recipient();
      response.set_next_page_token(rpc::NextPageToken(last, "contacts"));
      break;
    }
    *response.add_contacts() = ToProto(contact);
  }
  return response;
}

}  // namespace dondoc::notification
