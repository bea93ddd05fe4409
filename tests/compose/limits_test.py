"""What the edge lets nobody do: one case for each rule of deploy/haproxy/haproxy.cfg that no other test touches.

The caller has a certificate of its own, so that its rates are not those of the other tests' callers.
"""

import contextlib
import select
import socket
import ssl
import struct
import subprocess
import threading
import time
import unittest
import warnings

import grpc
import h2
from caller import Caller
from dondoc_example import refusal
from system import System, wait_for

CLOCK = b"/dondoc.common.v1.ClockService/GetClock"
NOWHERE = b"/dondoc.nowhere.v1.NoService/Nothing"
# As .env has them.
CONNECTIONS_PER_SOURCE = 50
CONNECTION_RATE = 100
# As haproxy.cfg has it: conn_rate(10s).
RATE_WINDOW_SECONDS = 10
CALLS_PER_SYSTEM = 100
LARGE_CALLS_PER_SYSTEM = 16
STREAMS_MAX = 100
# "timeout client-hs", "timeout http-request" and "wait-for-body", and what a busy machine adds.
UNFINISHED_SECONDS = 5
BUSY_SECONDS = 10
# The edge forgets connections after ten seconds.
FORGOTTEN_SECONDS = 40
# A message of gRPC: four MiB are the most that a service takes.
MESSAGE_MAX = 4 << 20


class Limits:
    """Mixed into a TestCase that has a system."""

    @classmethod
    def limited_folder(cls):
        """The certificate of a system that nobody knows."""
        if not hasattr(cls, "limited"):
            cls.limited = cls.system.certificate_of("thu-gioi-han")
        return cls.limited

    def limited_context(self):
        """TLS as that system speaks it."""
        folder = self.limited_folder()
        context = ssl.create_default_context(cafile=folder / "ca.pem")
        context.set_alpn_protocols(["h2"])
        context.load_cert_chain(folder / "certificate.pem", folder / "certificate.key")
        return context

    @contextlib.contextmanager
    def connection(self):
        """One connection of that system."""
        connection = h2.Connection(self.system.port, self.limited_context())
        try:
            yield connection
        finally:
            connection.close()

    def answer(self, block, flags=h2.END_HEADERS | h2.END_STREAM):
        """What one request on a connection of its own is answered."""
        with self.connection() as connection:
            return connection.answer(block, flags)

    def let_in_again(self):
        """Whether a new connection is taken."""
        try:
            return self.answer(h2.call(NOWHERE)) == 404
        except OSError:
            return False

    def wait_until_let_in(self):
        """Earlier connections are forgotten."""
        wait_for("the edge takes a connection", self.let_in_again, FORGOTTEN_SECONDS)

    def silent(self):
        """A connection that says nothing."""
        return socket.create_connection(("127.0.0.1", self.system.port), timeout=5)

    def test_limit_connections_of_an_address(self):
        # The edge ends silent connections too, but later: where that is not later, because the machine is busy, what
        # was seen tells nothing.
        wait_for("sixty connections are judged in time", self.judges_connections_of_an_address, 3 * FORGOTTEN_SECONDS)
        self.wait_until_let_in()

    def judges_connections_of_an_address(self):
        """Whether all of this was seen before the edge ends the first for its silence."""
        self.wait_until_let_in()
        more = 10
        began = time.monotonic()
        with contextlib.ExitStack() as stack:
            held = [stack.enter_context(self.silent()) for _ in range(CONNECTIONS_PER_SOURCE + more)]
            while len(ended_of(held)) < more and time.monotonic() - began < UNFINISHED_SECONDS:
                time.sleep(0.05)
            ended, let_in = len(ended_of(held)), self.let_in_again()
        if time.monotonic() - began > UNFINISHED_SECONDS - 0.5:
            return False
        self.assertGreaterEqual(ended, more)
        self.assertLess(ended, 2 * more)
        self.assertFalse(let_in)
        return True

    def test_limit_connections_too_often(self):
        self.wait_until_let_in()
        # Whatever comes of it, the next case begins with an edge that has forgotten: one that lets us in again would
        # refuse the few more that the case has. It counts by the window that goes on and the one before.
        self.addCleanup(time.sleep, 2 * RATE_WINDOW_SECONDS)
        # More by half, because the edge estimates, and forgets a little of them at once.
        for _ in range(CONNECTION_RATE * 3 // 2):
            self.silent().close()
        # They may still be on their way through the engine's forwarder.
        wait_for("the edge takes no more", lambda: not self.let_in_again(), 5)

    def test_limit_requests_too_often_are_answered_429(self):
        self.wait_until_let_in()
        answered = []

        def once():
            with self.connection() as connection:
                streams = range(1, 2 * STREAMS_MAX, 2)
                connection.write(b"".join(
                    h2.frame(h2.HEADERS, h2.END_HEADERS | h2.END_STREAM, stream, h2.call(NOWHERE))
                    for stream in streams))
                answered.extend(connection.answers(streams).values())

        deadline = time.monotonic() + BUSY_SECONDS
        while 429 not in answered and time.monotonic() < deadline:
            threads = [threading.Thread(target=once) for _ in range(5)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(set(answered), {404, 429})
        self.wait_until_let_in()

    def test_limit_calls_whose_bodies_never_come_are_counted_and_end(self):
        began = time.monotonic()
        streams = range(1, 2 * 60, 2)
        counts = {}
        with self.connection() as one, self.connection() as other:
            for connection in (one, other):
                connection.write(b"".join(h2.frame(h2.HEADERS, h2.END_HEADERS, stream, h2.call(CLOCK))
                                          for stream in streams))
            for connection in (one, other):
                for answer in connection.answers(streams).values():
                    counts[answer] = counts.get(answer, 0) + 1
        self.assertEqual(counts, {429: 120 - CALLS_PER_SYSTEM, 408: CALLS_PER_SYSTEM})
        self.assertGreaterEqual(time.monotonic() - began, UNFINISHED_SECONDS - 1)
        self.assertLess(time.monotonic() - began, UNFINISHED_SECONDS + BUSY_SECONDS)

    def test_limit_large_messages_under_way(self):
        # A body whose beginning took the edge five seconds is answered 408, and its place is free for another.
        wait_for("twenty messages begin in time", self.judges_large_messages_under_way, FORGOTTEN_SECONDS)

    def judges_large_messages_under_way(self):
        """Whether it was seen that no more than so many are under way."""
        more = 4
        # So much of each that the edge does not wait for the rest.
        begun = b"\x00" + struct.pack(">I", MESSAGE_MAX) + bytes(15_000)
        streams = range(1, 2 * (LARGE_CALLS_PER_SYSTEM + more), 2)
        with self.connection() as connection:
            for stream in streams:
                connection.write(h2.frame(h2.HEADERS, h2.END_HEADERS, stream, h2.call(CLOCK))
                                 + h2.frame(h2.DATA, 0, stream, begun) + h2.frame(h2.DATA, 0, stream, bytes(5_000)))
            answers = {}
            while len(answers) < more:
                kind, _, stream, payload = connection.read()
                if kind == h2.HEADERS:
                    answers[stream] = h2.status(payload)
            if 408 in answers.values():
                return False
            self.assertEqual(list(answers.values()), [429] * more)
            # What is small goes on.
            self.assertEqual(connection.answer(h2.call(NOWHERE), stream=streams[-1] + 2), 404)
        return True

    def test_limit_headers_that_never_end_are_waited_for_as_long(self):
        with self.connection() as connection:
            connection.socket.settimeout(UNFINISHED_SECONDS + BUSY_SECONDS)
            connection.write(h2.frame(h2.HEADERS, 0, 1, h2.call(CLOCK)))
            with self.assertRaises(ConnectionError):
                connection.answers([1])

    def test_limit_a_connection_without_a_word_is_ended(self):
        with socket.create_connection(("127.0.0.1", self.system.port)) as plain:
            plain.settimeout(UNFINISHED_SECONDS + BUSY_SECONDS)
            with contextlib.suppress(ConnectionError):
                self.assertEqual(plain.recv(1), b"")

    def test_limit_headers_of_more_than_7000_bytes(self):
        self.assertEqual(self.answer(h2.call(NOWHERE, (b"x-large", b"a" * 6_500))), 404)
        self.assertEqual(self.answer(h2.call(NOWHERE, (b"x-large", b"a" * 7_100))), 400)

    def test_limit_more_than_64_headers(self):
        def many(count):
            return h2.call(NOWHERE, *((b"x-%d" % number, b"a") for number in range(count)))

        self.assertEqual(self.answer(many(40)), 404)
        try:
            self.assertIn(self.answer(many(70)), (400, "reset"))
        except ConnectionError:
            pass

    def test_limit_what_is_no_call(self):
        for expected, block in (
                (413, h2.call(NOWHERE, (b"content-length", b"4194305"))),
                (405, h2.call(NOWHERE, method=b"GET")),
                (400, h2.call(NOWHERE, content_type=b"application/json")),
                (404, h2.call(NOWHERE)),
                (404, h2.call(b"/grpc.health.v1.Health/Check")),
                (404, h2.call(b"/dondoc.admin.v1.AdminService/GetStatus"))):
            # With a body to come, where one is told.
            flags = h2.END_HEADERS | (0 if expected == 413 else h2.END_STREAM)
            self.assertEqual(self.answer(block, flags), expected, block)

    def test_limit_tls_below_1_2(self):
        context = self.limited_context()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        with self.assertRaisesRegex(ssl.SSLError, "PROTOCOL_VERSION|protocol version"):
            h2.Connection(self.system.port, context)

    def test_limit_a_name_that_a_caller_gives_itself_is_not_believed(self):
        with Caller(self.system.port, self.limited_folder()) as caller:
            ask = caller.channel.unary_unary("/dondoc.registry.v1.RegistryService/ListTasks",
                                             request_serializer=bytes, response_deserializer=bytes)
            with self.assertRaises(grpc.RpcError) as refused:
                ask(b"", timeout=15, metadata=(
                    ("x-client-cert-subject", "CN=he-thong-mau,OU=systems,O=Dondoc"),))
        self.assertEqual(refusal(refused.exception)[0], "NO_GRANT")
        self.assertIn("system:thu-gioi-han", refused.exception.details())

    def test_limit_a_message_without_content_length_is_measured_by_the_service(self):
        # No library of gRPC sends content-length, so the edge passes these on.
        with Caller(self.system.port, self.limited_folder()) as caller:
            def send(size):
                ask = caller.channel.unary_unary("/dondoc.common.v1.ClockService/GetClock",
                                                 request_serializer=bytes, response_deserializer=bytes)
                # An unknown field, skipped by whoever reads it.
                head = b"\x7a" + varint(size)
                with self.assertRaises(grpc.RpcError) as refused:
                    ask(head + bytes(size), timeout=30)
                return refused.exception

            # proto/access.csv: 256 bytes for this method.
            self.assertEqual(send(1_000).code(), grpc.StatusCode.INVALID_ARGUMENT)
            self.assertEqual(send(MESSAGE_MAX + 1_000).code(), grpc.StatusCode.RESOURCE_EXHAUSTED)

    def test_limit_a_stream_of_batches_may_pause_longer_than_a_body(self):
        ended = threading.Event()

        def batches():
            yield b""
            ended.wait(UNFINISHED_SECONDS + 2)

        with Caller(self.system.port, self.limited_folder()) as caller:
            ask = caller.channel.stream_unary("/dondoc.kpi.v1.KpiService/RecordObservations",
                                              request_serializer=bytes, response_deserializer=bytes)
            with self.assertRaises(grpc.RpcError) as refused:
                ask(batches(), timeout=30)
            ended.set()
        # By the service, not by the edge.
        self.assertEqual(refusal(refused.exception)[0], "NO_GRANT")

    def test_limit_a_stopped_edge_lets_a_call_under_way_end(self):
        edge = self.system.container("edge")
        with self.connection() as connection:
            # So much of it that the edge waits for no more, and the service does.
            connection.write(h2.frame(h2.HEADERS, h2.END_HEADERS, 1, h2.call(CLOCK))
                             + h2.frame(h2.DATA, 0, 1, b"\x00" + struct.pack(">I", 30_000) + bytes(15_000))
                             + h2.frame(h2.DATA, 0, 1, bytes(5_000)))
            # It has begun: the edge answers what is asked after it.
            self.assertEqual(connection.answer(h2.call(NOWHERE), stream=3), 404)
            with subprocess.Popen(("docker", "stop", edge), stdout=subprocess.DEVNULL) as stopping:
                wait_for("the edge takes nobody any more", lambda: not self.let_in_again(), 30)
                # The rest of a message that is too long for this method, which the service says.
                connection.write(h2.frame(h2.DATA, h2.END_STREAM, 1, bytes(10_000)))
                self.assertEqual(connection.answers([1]), {1: 200})
            self.assertEqual(stopping.returncode, 0)
        subprocess.run(("docker", "start", edge), check=True, stdout=subprocess.DEVNULL)
        wait_for("the edge is well", lambda: self.system.healthy("edge"), 60)


def ended_of(connections):
    """Those that the edge has ended."""
    return select.select(connections, (), (), 0)[0]


def varint(number):
    """A number as protobuf writes it."""
    out = bytearray()
    while number >= 128:
        out.append(0x80 | number & 0x7F)
        number >>= 7
    return bytes((*out, number))


class LimitsTest(Limits, unittest.TestCase):
    """One system for all cases."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(System())


if __name__ == "__main__":
    unittest.main()
