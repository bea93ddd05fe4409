"""The beginning of HTTP/2, in raw frames."""

import socket
import struct

SETTINGS = 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
TIMEOUT_SECONDS = 10


def frame(kind, flags, stream, payload=b""):
    """One frame on the wire."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


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
