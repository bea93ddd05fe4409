"""A caller of the composed system as another system's program is one: gRPC, a certificate, retries."""

import threading
import time
import uuid

import grpc
from dondoc.registry.v1 import registry_service_pb2 as registry
from dondoc.registry.v1 import unit_pb2
from dondoc_example import refusal

# As services/cli/client/caller.cc: three tries, these pauses between, within one deadline.
PAUSES_SECONDS = (0.15, 0.9)
DEADLINE_SECONDS = 15
# A caller that waits for a part to be found again.
LONG_PAUSES_SECONDS = (1,) * 12


class Caller:
    """One channel to the edge. Use as a context."""

    def __init__(self, port, certificates):
        def pem(name):
            return (certificates / name).read_bytes()

        credentials = grpc.ssl_channel_credentials(pem("ca.pem"), pem("certificate.key"),
                                                   pem("certificate.pem"))
        self.channel = grpc.secure_channel(f"localhost:{port}", credentials, (
            ("grpc.enable_http_proxy", 0),
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 500),
        ))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the connection."""
        self.channel.close()

    def send(self, path, request, answer, pauses=PAUSES_SECONDS, metadata=(), seconds=DEADLINE_SECONDS,
             streamed=False):
        """One call of "/package.Service/Method" within `seconds`; what is UNAVAILABLE is tried again after each of
        `pauses`. A streamed request is the only message of its stream."""
        make = self.channel.stream_unary if streamed else self.channel.unary_unary
        ask = make(path, request_serializer=lambda message: message.SerializeToString(),
                   response_deserializer=answer.FromString)
        deadline = time.monotonic() + seconds
        for pause in (*pauses, None):
            try:
                return ask(iter((request,)) if streamed else request,
                           timeout=max(0.001, deadline - time.monotonic()), metadata=metadata)
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE or pause is None:
                    raise
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def call(self, method, request, answer, pauses=PAUSES_SECONDS):
        """The same of a method of the registry."""
        return self.send(f"/dondoc.registry.v1.RegistryService/{method}", request, answer, pauses,
                         metadata=(("dondoc-actor", "Van phong"),))

    def outcome(self, method, metadata=()):
        """The code and the reason that a call of "package.Service/Method" with an empty request ends with."""
        ask = self.channel.unary_unary(f"/{method}", request_serializer=bytes, response_deserializer=bytes)
        try:
            ask(b"", timeout=DEADLINE_SECONDS, metadata=metadata)
        except grpc.RpcError as error:
            return error.code().name, refusal(error)[0]
        return "OK", ""

    def add_unit(self, pauses=PAUSES_SECONDS):
        """Writes a unit that nobody has; its name."""
        identity = str(uuid.uuid4())
        unit = unit_pb2.Unit(name=f"units/thu-{identity}", display_name=f"Đơn vị thử {identity}",
                             kind=unit_pb2.UNIT_KIND_DIVISION, valid_from="2023-01-01",
                             illustrative=True)
        request = registry.AddUnitRequest(request_id=identity, unit=unit)
        return self.call("AddUnit", request, registry.AddUnitResponse, pauses).unit.name

    def get_unit(self, name, pauses=PAUSES_SECONDS):
        """Reads a unit."""
        return self.call("GetUnit", registry.GetUnitRequest(name=name), registry.GetUnitResponse,
                         pauses).unit


def assert_as_of(test, caller, before, after, written):
    """A restore went back to its backup: what was written before that is there, some of `written` among it, what
    came after it is not, and writes go on."""
    test.assertEqual(caller.get_unit(before, LONG_PAUSES_SECONDS).name, before)
    with test.assertRaises(grpc.RpcError) as refused:
        caller.get_unit(after)
    test.assertEqual(refused.exception.code(), grpc.StatusCode.NOT_FOUND)
    for name in written[:5]:
        test.assertEqual(caller.get_unit(name).name, name)
    caller.add_unit()


class Load:
    """Threads that write units and read them back, from entering to leaving; less often than
    proto/access.csv allows one caller."""

    def __init__(self, port, certificates, threads=4, pauses=PAUSES_SECONDS, rest_seconds=0.1):
        self.port = port
        self.certificates = certificates
        self.pauses = pauses
        self.rest_seconds = rest_seconds
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(threads)]
        self.lock = threading.Lock()
        # What was answered, how long each call took, and what failed after its retries.
        self.written = []
        self.seconds = []
        self.failed = []

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def _run(self):
        with Caller(self.port, self.certificates) as caller:
            name = None
            while not self.ended.is_set():
                began = time.monotonic()
                try:
                    # A write for every four reads.
                    if name is None or len(self.seconds) % 5 == 0:
                        name = caller.add_unit(self.pauses)
                        self.written.append(name)
                    else:
                        caller.get_unit(name, self.pauses)
                except grpc.RpcError as error:
                    with self.lock:
                        self.failed.append(f"{error.code()}: {error.details()}")
                with self.lock:
                    self.seconds.append(time.monotonic() - began)
                self.ended.wait(self.rest_seconds)

    def p99(self):
        """The time within which 99 of 100 calls ended, in seconds."""
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.99)]


class Newcomers(Load):
    """Callers that come, read one unit and go, one after another; fewer than the edge takes of one address
    in a while."""

    def __init__(self, port, certificates):
        super().__init__(port, certificates, threads=1, rest_seconds=0.25)
        with Caller(port, certificates) as caller:
            self.name = caller.add_unit()

    def _run(self):
        while not self.ended.is_set():
            began = time.monotonic()
            try:
                with Caller(self.port, self.certificates) as caller:
                    caller.get_unit(self.name, self.pauses)
            except grpc.RpcError as error:
                self.failed.append(f"{error.code()}: {error.details()}")
            self.seconds.append(time.monotonic() - began)
            self.ended.wait(self.rest_seconds)
