#!/usr/bin/python3
"""An HTTP server for tests, which answers as a script says.

    /usr/bin/python3 tests/servers/webhook_server.py --port 9000 --folder DIR [--script FILE]

It listens on 127.0.0.1 only and runs until it is killed. Each POST is written to DIR as 000001.json,
000002.json, …: {"path": …, "headers": {lower-case name: value}, "body": …}. A GET (which nobody should
send) is kept too, with "method": "GET".

Each request takes one line of the script (see scripted.py); without one the answer is 200:

    200                            any status
    429 Retry-After=7              a status with headers; "_" in a value stands for a space
    302 Location=http://host/x
    hang 20                        answer 200 after 20 seconds
    close                          the line is cut without an answer
    big 70000                      200 with a body of so many bytes; when the other side goes before it has
                                   read them all, the file after is "cut"
"""

import argparse
import http.server
import json
import sys
import time

# No folder of compiled code beside the sources.
sys.dont_write_bytecode = True
from scripted import Folder, Script  # noqa: E402


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder = None
    script = None

    def do_POST(self):
        self._answer()

    def do_GET(self):
        self._answer()

    def log_message(self, format, *arguments):
        pass

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        seen = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body.decode("utf-8"),
        }
        self.folder.keep(json.dumps(seen, ensure_ascii=False).encode())
        words = (self.script.next() or "200").split()
        if words[0] == "close":
            self.close_connection = True
            return
        if words[0] == "hang":
            time.sleep(float(words[1]))
            self._send(200, [], b"late")
        elif words[0] == "big":
            if not self._send(200, [], b"x" * int(words[1])):
                self.folder.keep(b"cut")
        else:
            headers = [word.split("=", 1) for word in words[1:]]
            self._send(int(words[0]), headers, f"scripted {words[0]}".encode())

    def _send(self, status, headers, body):
        """Whether all of it could be sent."""
        try:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value.replace("_", " "))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return True
        except (BrokenPipeError, ConnectionResetError):
            # The other side has gone, as it should when it was made to wait too long.
            self.close_connection = True
            return False


def main():
    parser = argparse.ArgumentParser(description="an HTTP server for tests")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--script", default="")
    arguments = parser.parse_args()
    Handler.folder = Folder(arguments.folder, ".json")
    Handler.script = Script(arguments.script)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
