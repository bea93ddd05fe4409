#!/usr/bin/python3
"""A real SMTP server for tests, which answers as a script says.

    /usr/bin/python3 tests/servers/smtp_server.py --port 2525 --folder DIR [--script FILE]

It listens on 127.0.0.1 only and runs until it is killed. Needs Debian's python3-aiosmtpd. Each mail
that it takes is written to DIR as 000001.eml, 000002.eml, …, exactly as it came, below two lines
"X-Envelope-From: …" and "X-Envelope-To: …".

Each mail takes one line of the script (see scripted.py); without one it is accepted:

    250                       accept
    451 4.3.0 Try later       this reply after the message; nothing is kept
    550 5.7.1 Refused         the same, for good
    rcpt 550 5.1.1 Unknown    this reply to RCPT TO already
    close                     the line is cut after the message, without a reply; nothing is kept
    keep-close                the same, but the mail is kept: the reply was lost
    hang 20                   accept after 20 seconds
"""

import argparse
import asyncio
import sys
import time

from aiosmtpd.controller import Controller

# No folder of compiled code beside the sources.
sys.dont_write_bytecode = True
from scripted import Folder, Script  # noqa: E402


class Handler:
    def __init__(self, folder, script):
        self._folder = folder
        self._script = script

    async def handle_RCPT(self, server, session, envelope, address, options):
        session.answer = self._script.next() or "250"
        if session.answer.startswith("rcpt "):
            return session.answer[len("rcpt "):]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = session.answer
        if answer.startswith("hang "):
            await asyncio.sleep(float(answer.split()[1]))
        if answer in ("250", "keep-close") or answer.startswith("hang "):
            self._keep(envelope)
        if answer in ("close", "keep-close"):
            server.transport.abort()
            return "421 4.3.2 Closing"
        if answer[:1] in "45":
            return answer
        return "250 2.0.0 Taken"

    def _keep(self, envelope):
        head = f"X-Envelope-From: {envelope.mail_from}\r\n"
        head += f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        self._folder.keep(head.encode() + envelope.original_content)


def main():
    parser = argparse.ArgumentParser(description="an SMTP server for tests")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--script", default="")
    arguments = parser.parse_args()
    handler = Handler(Folder(arguments.folder, ".eml"), Script(arguments.script))
    Controller(handler, hostname="127.0.0.1", port=arguments.port).start()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
