"""Those who take part in a plan's year: systems, known by a certificate, and people, known by an account."""

import secrets
import time
import uuid

import grpc
from caller import Caller
from dondoc.identity.v1 import account_service_pb2
from dondoc.inspection.v1 import inspection_service_pb2
from dondoc.kpi.v1 import kpi_service_pb2
from dondoc.notification.v1 import notification_service_pb2
from dondoc.registry.v1 import registry_service_pb2
from dondoc_example import refusal

MESSAGES = {
    "AccountService": account_service_pb2,
    "InspectionService": inspection_service_pb2,
    "KpiService": kpi_service_pb2,
    "NotificationService": notification_service_pb2,
    "RegistryService": registry_service_pb2,
}
DEADLINE_SECONDS = 45
# A service that is replaced is found again within these.
PAUSES_SECONDS = (0.2, 0.5, 1, 2, 4, 4, 4)
# A token is good for five minutes.
TOKEN_SECONDS = 240


class Party:
    """A caller of the edge, known by its certificate."""

    def __init__(self, port, certificates):
        self.caller = Caller(port, certificates)

    def close(self):
        """Ends the connection."""
        self.caller.close()

    def metadata(self):
        """What goes along with each call."""
        return ()

    def ask(self, call, **fields):
        """One call, "KpiService.GetBoard", with the fields of its request; a write has a request_id of its
        own, so that it may be tried again."""
        service, _, method = call.partition(".")
        messages = MESSAGES[service]
        request = getattr(messages, f"{method}Request")(**fields)
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = str(uuid.uuid4())
        path = f"/{messages.DESCRIPTOR.services_by_name[service].full_name}/{method}"
        answer = getattr(messages, f"{method}Response")
        return self.caller.send(path, request, answer, PAUSES_SECONDS, self.metadata(), DEADLINE_SECONDS,
                                streamed=call == "KpiService.RecordObservations")

    def refused(self, call, **fields):
        """The code and the reason that a call is refused with; "OK" for one that is not."""
        try:
            self.ask(call, **fields)
        except grpc.RpcError as error:
            return error.code().name, refusal(error)[0]
        return "OK", ""


class Person(Party):
    """Somebody with an account, who sits at a desk that has a certificate."""

    def __init__(self, port, certificates, account):
        super().__init__(port, certificates)
        self.account = account
        # One's own, which nobody else is told.
        self.password = secrets.token_urlsafe(18)
        self.session = ""
        self.token = ""
        self.token_time = 0.0

    def metadata(self):
        if not self.session:
            return ()
        if not self.token or time.monotonic() - self.token_time > TOKEN_SECONDS:
            session, self.session = self.session, ""
            self.token = self.ask("AccountService.IssueToken", session=session).token
            self.session, self.token_time = session, time.monotonic()
        return (("authorization", f"Bearer {self.token}"),)

    def sign_in(self):
        """Begins a session with one's own password."""
        self.session = self.ask("AccountService.SignIn", account=self.account, password=self.password).session

    def sign_in_first(self, one_time):
        """Signs in with a password of one use; what that was refused with, before one's own was set."""
        refused = self.refused("AccountService.SignIn", account=self.account, password=one_time)
        self.ask("AccountService.ChangePassword", account=self.account, old_password=one_time,
                 new_password=self.password)
        self.sign_in()
        return refused
