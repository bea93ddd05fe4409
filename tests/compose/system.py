"""A composed system of its own for a test: own project, own ports, gone at the end."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SERVICES = ("registry", "kpi", "inspection", "notification")
PARTS = SERVICES + ("edge", "nats", "redis", "prometheus")
# Everything starts within this on two busy cores.
READY_SECONDS = 180


def free_port():
    """A port of 127.0.0.1 that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, condition, seconds):
    """Returns the first value of `condition` that is true; fails when it stays false."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.5)


class System:
    """docker-compose.yml, brought up when this is entered and taken down with its volumes after."""

    def __init__(self):
        self.project = f"dondoc-test-{os.getpid()}"
        self.port = free_port()
        self.folder = tempfile.TemporaryDirectory()
        self.environment = dict(
            os.environ,
            COMPOSE_PROJECT_NAME=self.project,
            DONDOC_EDGE_ADDRESS="127.0.0.1",
            DONDOC_EDGE_PORT=str(self.port),
            DONDOC_PROMETHEUS_PORT=str(free_port()),
        )

    def __enter__(self):
        try:
            self.compose("up", "-d", "--no-build")
            self.wait_until_healthy()
        except BaseException:
            print(self.compose("logs", "--no-color", "--tail", "15", check=False))
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.compose("down", "-v", "--remove-orphans", "-t", "10", check=False)
        self.folder.cleanup()

    def compose(self, *arguments, check=True):
        """Runs docker-compose; answers what it printed."""
        done = subprocess.run(
            ("docker-compose", *arguments), cwd=REPOSITORY, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"docker-compose {arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def inspect(self, part):
        """What the engine knows of a part's container."""
        ids = self.compose("ps", "-q", part).split()
        known = subprocess.run(("docker", "inspect", *ids), text=True, capture_output=True,
                               check=True)
        return json.loads(known.stdout)[0]

    def healthy(self, part):
        """Whether a part runs and its health check says so."""
        state = self.inspect(part)["State"]
        return state["Running"] and state.get("Health", {}).get("Status") == "healthy"

    def wait_until_healthy(self):
        """Every part is well."""
        for part in PARTS:
            wait_for(f"{part} is healthy", lambda part=part: self.healthy(part), READY_SECONDS)

    def crash(self, part):
        """Ends a part at once, as no command of Docker does: it takes those for somebody's wish."""
        os.kill(self.inspect(part)["State"]["Pid"], signal.SIGKILL)

    def dondoc(self, *arguments, check=True):
        """The client, outside, with the certificate of the example system."""
        return self.compose("run", "--rm", "--no-deps", "-T", "dondoc", *arguments, check=check)

    def ask(self, *arguments):
        """The client's answer as JSON."""
        return json.loads(self.dondoc(*arguments, "--json"))

    def certificate_folder(self):
        """A folder with the example system's ca.pem, certificate.pem and certificate.key."""
        folder = Path(self.folder.name)
        for name in ("ca.pem", "certificate.pem", "certificate.key"):
            text = self.compose("run", "--rm", "--no-deps", "-T", "--entrypoint", "cat", "dondoc",
                                f"/secrets/client/{name}")
            (folder / name).write_text(text, encoding="ascii")
        return folder
