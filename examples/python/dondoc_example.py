"""Another system calls Dondoc: with a certificate, a deadline, and every write safe to repeat.

  dondoc_example.py ADDRESS CA CERTIFICATE KEY list               every unit, page by page
  dondoc_example.py ADDRESS CA CERTIFICATE KEY show units/ID      one unit
  dondoc_example.py ADDRESS CA CERTIFICATE KEY add ID NAME        adds a division, once
  dondoc_example.py ADDRESS CA CERTIFICATE KEY report NAME PER    how far the work on an assignment is, in per cent
  dondoc_example.py ADDRESS CA CERTIFICATE KEY watch FROM COUNT   the log of events from a sequence on

ADDRESS is host:port of the edge, the others are PEM files. Ends with 0 when it was done, 1 when it was
refused (the reason stands on stderr), 2 for a wrong command line, 4 when nobody answered.
"""

import sys
import time
import uuid

import grpc

from dondoc.common.v1 import error_pb2
from dondoc.registry.v1 import registry_service_pb2 as registry
from dondoc.registry.v1 import registry_service_pb2_grpc, unit_pb2

DEADLINE_SECONDS = 20
TRIES = 25
# How long a watch tries to get back to a service that is away.
WATCH_PATIENCE_SECONDS = 60
REFUSED, USAGE, UNAVAILABLE = 1, 2, 4


def connect(address, ca, certificate, key):
    """A channel over mutual TLS. It connects when it is first used, and again by itself."""
    def read(path):
        with open(path, "rb") as file:
            return file.read()
    credentials = grpc.ssl_channel_credentials(read(ca), read(key), read(certificate))
    # So that a watch notices a peer that vanished; the servers allow one ping every 20 s.
    # A service that restarts is tried again after a second, and not only when its name may be looked up
    # again, which is after half a minute by default.
    options = [("grpc.dns_min_time_between_resolutions_ms", 1_000),
               ("grpc.keepalive_time_ms", 30_000), ("grpc.keepalive_timeout_ms", 10_000),
               ("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 1_000),
               ("grpc.enable_http_proxy", 0)]
    return grpc.secure_channel(address, credentials, options)


def call(method, request):
    """One call within its deadline. UNAVAILABLE is tried again with the same request, and so with the
    same request_id: what was done already is answered again, not done again."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    for attempt in range(1, TRIES + 1):
        try:
            return method(request, timeout=max(deadline - time.monotonic(), 0.001))
        except grpc.RpcError as error:
            pause = min(0.1 * 2 ** attempt, 1.0)
            again = error.code() == grpc.StatusCode.UNAVAILABLE and attempt < TRIES
            if not again or time.monotonic() + pause > deadline:
                raise
            time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def refusal(error):
    """The reason of a refusal and what it names; ("", {}) when it carries none."""
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in error_pb2.RefusalStatus.FromString(value).details:
            # Not Unpack(): the type is named google.rpc.ErrorInfo, whose fields these are.
            if detail.type_url.endswith("/google.rpc.ErrorInfo"):
                info = error_pb2.ErrorInfo.FromString(detail.value)
                return info.reason, dict(info.metadata)
    return "", {}


def list_units(stub):
    """Every unit: pages follow until one has no token."""
    token = ""
    while True:
        page = call(stub.ListUnits, registry.ListUnitsRequest(page_size=2, page_token=token))
        for unit in page.units:
            print(unit.name, unit.display_name)
        token = page.next_page_token
        if not token:
            return


def add_unit(stub, unit_id, display_name):
    """Adds a division, and asks for the same once more, as after an answer that got lost."""
    request = registry.AddUnitRequest(
        request_id=str(uuid.uuid4()),
        unit=unit_pb2.Unit(name=f"units/{unit_id}", display_name=display_name,
                           kind=unit_pb2.UNIT_KIND_DIVISION, valid_from="2023-01-01"))
    first = call(stub.AddUnit, request)
    again = call(stub.AddUnit, request)
    if first != again:
        raise AssertionError("a repetition gets the first answer")
    print(first.unit.name, first.unit.etag)


def report(stub, name, percent):
    """Says how far the work on an assignment is; refused when somebody has changed it since it was read."""
    seen = call(stub.GetAssignment, registry.GetAssignmentRequest(name=name)).assignment
    answer = call(stub.ReportProgress, registry.ReportProgressRequest(
        request_id=str(uuid.uuid4()), name=name, etag=seen.etag, percent=int(percent)))
    print(answer.assignment.name, answer.assignment.percent)


def watch(stub, sequence, count):
    """Prints `count` changes from `sequence` on. A real system keeps the last sequence with what it
    made of it, in one transaction; then nothing is missed and nothing is done twice."""
    heard = time.monotonic()
    while count > 0:
        stream = stub.WatchChanges(registry.WatchChangesRequest(from_sequence=sequence))
        try:
            for answer in stream:
                heard = time.monotonic()
                print(answer.change.sequence, answer.change.type, answer.change.name, flush=True)
                sequence = answer.change.sequence + 1
                count -= 1
                if count == 0:
                    stream.cancel()
                    return
        except grpc.RpcError as error:
            patient = time.monotonic() - heard < WATCH_PATIENCE_SECONDS
            if error.code() != grpc.StatusCode.UNAVAILABLE or not patient:
                raise
            time.sleep(0.5)


def main(words):
    """Runs one command and answers the exit code."""
    commands = {"list": (list_units, 0), "add": (add_unit, 2),
                "report": (report, 2), "watch": (watch, 2),
                "show": (lambda stub, name: print(
                    call(stub.GetUnit, registry.GetUnitRequest(name=name)).unit.display_name), 1)}
    if len(words) < 5 or words[4] not in commands or len(words) != 5 + commands[words[4]][1]:
        print(__doc__, file=sys.stderr)
        return USAGE
    command, _ = commands[words[4]]
    arguments = [int(word) for word in words[5:]] if words[4] == "watch" else words[5:]
    with connect(*words[:4]) as channel:
        try:
            command(registry_service_pb2_grpc.RegistryServiceStub(channel), *arguments)
            return 0
        except grpc.RpcError as error:
            reason, metadata = refusal(error)
            print(error.code().name, reason, error.details(), metadata, file=sys.stderr)
            away = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
            return UNAVAILABLE if error.code() in away else REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
