"""The beginning of HTTP/2, in raw frames."""

import socket
import struct

DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY = 0, 1, 3, 4, 7
END_STREAM, END_HEADERS = 1, 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
TIMEOUT_SECONDS = 10


def frame(kind, flags, stream, payload=b""):
    """One frame on the wire."""
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


def call(path, *more, method=b"POST", content_type=b"application/grpc"):
    """The headers of a call, and more of them."""
    return (literal(b":method", method) + b"\x87" + literal(b":path", path)
            + literal(b":authority", b"edge") + literal(b"content-type", content_type)
            + literal(b"te", b"trailers") + b"".join(literal(*header) for header in more))


def status(block):
    """The status that a block of headers begins with, as HAProxy writes it."""
    known = {0x88: 200, 0x89: 204, 0x8A: 206, 0x8B: 304, 0x8C: 400, 0x8D: 404, 0x8E: 500}
    if block[0] in known:
        return known[block[0]]
    # A literal whose name is the eighth of the known ones.
    if block[0] in (0x08, 0x48) and block[1] == 3:
        return int(block[2:5])
    raise AssertionError(f"no status: {block[:16]!r}")


class Connection:
    """One connection to the edge, greeted."""

    def __init__(self, port, context):
        plain = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS)
        try:
            self.socket = context.wrap_socket(plain, server_hostname="localhost")
        except BaseException:
            plain.close()
            raise
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0))

    def close(self):
        """Hangs up."""
        self.socket.close()

    def read_exactly(self, size):
        """So many bytes, or ConnectionError."""
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ConnectionError("the edge hung up")
            data += more
        return data

    def read(self):
        """The next frame: kind, flags, stream, payload."""
        head = self.read_exactly(9)
        size = int.from_bytes(head[:3], "big")
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        return kind, flags, stream, self.read_exactly(size)

    def write(self, data):
        """Sends whole frames."""
        self.socket.sendall(data)

    def answers(self, streams):
        """What the edge says first to each of these streams: a status, or "reset"; until all have an answer."""
        answers = {}
        while set(streams) - answers.keys():
            kind, _, stream, payload = self.read()
            if kind == HEADERS:
                answers.setdefault(stream, status(payload))
            elif kind == RST_STREAM:
                answers.setdefault(stream, "reset")
        return answers

    def answer(self, block, flags=END_HEADERS | END_STREAM, stream=1):
        """What the edge says first to one request."""
        self.write(frame(HEADERS, flags, stream, block))
        return self.answers([stream])[stream]
