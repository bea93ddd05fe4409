"""What the tests of operators' tools share: an installation that is used, asked and written to.

Each *_test.py here is one subject, run by ctest, or by hand:
DONDOC_BUILD=build/dev python3 tests/operations/backup_test.py
"""

import json
import os
import signal
import sys
import threading
import time
import unittest
import urllib.request

# Where installation.py and certificates.py are: each subject imports this file first.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "deploy"))

from installation import REPOSITORY, SERVICES  # noqa: E402

PLAN = os.path.join(REPOSITORY, "deploy", "plans", "cchc-2023")
NEW_UNIT = ("--kind", "division", "--valid-from", "2023-01-01", "--illustrative")


class OperationsTest(unittest.TestCase):
    """What all cases ask."""

    def succeeds(self, outcome):
        """The program ended well."""
        self.assertEqual(outcome.code, 0, outcome.out[-2_000:] + outcome.err)
        return outcome.out

    def refuses(self, outcome, *words):
        """The script said why in one sentence."""
        self.assertNotEqual(outcome.code, 0, outcome.out)
        self.assertEqual(len(outcome.err.splitlines()), 1, outcome.err)
        for word in words:
            self.assertIn(word, outcome.err)


def admin(city, *words):
    """Runs dondoc-admin against the services of an installation."""
    addresses = [f"--{name}=127.0.0.1:{city.port(name) + 40}" for name in SERVICES]
    return city.program("dondoc-admin", *addresses, *words)


def statuses(city):
    """What dondoc-admin says of each service, by its name; empty when one does not answer."""
    outcome = admin(city, "status", "--json")
    if outcome.code != 0:
        return {}
    lines = [json.loads(line) for line in outcome.out.splitlines()]
    return {line["service"]: line for line in lines}


def settled(city):
    """Whether every event has reached everybody who listens."""
    now = statuses(city)
    return len(now) == len(SERVICES) and all(
        line["unpublishedEvents"] == "0" and line["parkedEvents"] == "0" and line["brokerConnected"]
        for line in now.values())


def probe(city, name):
    """What the health check of a container asks, of a service of an installation."""
    return city.program(f"dondoc-{name}", "--probe", f"--listen=127.0.0.1:{city.port(name)}",
                        f"--metrics_listen=127.0.0.1:{city.port(name) + 20}")


def metrics_page(city, service):
    """What a service tells Prometheus; "" while it is away."""
    url = f"http://127.0.0.1:{city.port(service) + 20}/metrics"
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read().decode()
    except OSError:
        return ""


def metrics_of(city, service):
    """The metrics of a service by name; with labels, the last one counts."""
    lines = metrics_page(city, service).splitlines()
    samples = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name.split("{")[0]: float(value) for name, value in samples}


class Writer(threading.Thread):
    """Somebody who adds one unit after another until told to stop."""

    def __init__(self, city):
        super().__init__(daemon=True)
        self.city = city
        self.enough = threading.Event()
        # Each with the moment at which it was answered.
        self.written = []
        # What kept it from going on.
        self.broken = None

    def run(self):
        try:
            self._write()
        except Exception as error:
            self.broken = error
            # Shown at once, too: a test that waits in vain for a write never comes to stop().
            raise

    def _write(self):
        number = 0
        while not self.enough.is_set():
            number += 1
            name = f"to-{number}"
            outcome = self.city.dondoc("unit", "add", name, "--name", f"Tổ {number} (minh hoạ)",
                                       *NEW_UNIT)
            if outcome.code == 0:
                self.written.append((name, time.monotonic()))

    def stop(self):
        """Waits for the last write."""
        self.enough.set()
        self.join()
        if self.broken:
            raise self.broken


def main():
    """Runs the cases of the file that was started."""
    # deploy/up would otherwise end with the terminal.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    unittest.main(verbosity=2)
