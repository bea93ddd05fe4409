"""One installation of Dondoc for a test: a folder and ports of its own, and nothing left of it."""

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = ("nats", "redis", "registry", "kpi", "inspection", "notification")
SERVICES = PROGRAMS[2:]

# One block as deploy/lib.sh takes it: six ports, and 20 and 40 above the four services their metrics
# and what their operators talk to.
BLOCK = tuple(range(6)) + tuple(range(21, 25)) + tuple(range(41, 45))
# The first of each block. Below the ports that the kernel gives to outgoing connections, and below those of the
# other tests; without the block that an installation takes by itself.
BLOCK_SIZE = 50
BLOCKS = [first for first in range(5_000, 9_900, BLOCK_SIZE) if first != 7_400]
# What tells other tests that a block is ours, while we are there.
_claims = []


def is_free(port):
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_block():
    """The first port of a block of which none is taken. It stays ours until this process ends, though an
    installation that starts anew leaves its ports for a moment."""
    for first in random.sample(BLOCKS, len(BLOCKS)):
        claim = socket.socket(socket.AF_UNIX)
        try:
            # A name without a file, gone with its holder.
            claim.bind(f"\0dondoc-test-ports-{first}")
        except OSError:
            claim.close()
            continue
        if all(is_free(first + offset) for offset in BLOCK):
            _claims.append(claim)
            return first
        claim.close()
    raise RuntimeError("no block of ports is free")


def eventually(holds, within=60):
    """Whether `holds` comes true in time, in seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def runs(pid):
    """Whether the process is there and has not ended, none of its threads being left in the kernel."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return False
    state, threads = fields[0], int(fields[17])
    return state not in ("Z", "X") or threads > 1


def processes_of(folder):
    """The processes that know `folder` from their environment, or work in it.

    Both, because Redis writes a title of its own over the memory of its environment.
    """
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                environment = file.read()
            works_in = os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            continue
        if (folder.encode() in environment or works_in.startswith(folder)) and runs(pid):
            found.append(int(pid))
    return found


class Outcome:
    """What a script answered."""

    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout
        self.err = process.stderr


class Installation:
    """Use as a context: at the end every process of it has ended and its folder is gone."""

    def __init__(self, **environment):
        self.root = tempfile.mkdtemp(prefix="dondoc-deploy-")
        self.data = os.path.join(self.root, "data")
        self.first_port = free_block()
        self.environment = {
            **os.environ,
            "DONDOC_DATA": self.data,
            "DONDOC_PORTS": str(self.first_port),
            "COLUMNS": "120",
            # What tells whose a process is, whatever it calls itself.
            "DONDOC_DEPLOY_TEST": self.root,
            **environment,
        }
        self._watcher = _watch_over(self.root)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pid in processes_of(self.root):
            _kill(pid)
        shutil.rmtree(self.root, ignore_errors=True)
        os.close(self._watcher)

    def run(self, script, *arguments, within=180, **environment):
        """Runs deploy/`script` to its end, without a terminal and without input.

        `within`, in seconds, is for what hangs: beside other work a start has taken a minute."""
        return Outcome(subprocess.run(
            [os.path.join(REPOSITORY, "deploy", script), *arguments],
            env={**self.environment, **environment}, stdin=subprocess.DEVNULL, text=True,
            capture_output=True, timeout=within, check=False))

    def dondoc(self, *words):
        """Runs the client against the services of this installation."""
        addresses = [f"--{name}=127.0.0.1:{self.port(name)}" for name in SERVICES]
        return self.program("dondoc", *addresses, *words)

    def program(self, name, *words):
        """Runs a program of the build to its end."""
        return Outcome(subprocess.run(
            [os.path.join(self.environment["DONDOC_BUILD"], "bin", name), *words],
            env=self.environment, stdin=subprocess.DEVNULL, text=True, capture_output=True,
            timeout=60, check=False))

    def port(self, name):
        """As deploy/lib.sh gives them out."""
        order = ("nats", "registry", "kpi", "inspection", "notification", "redis")
        return self.first_port + order.index(name)

    def admin_port(self, name):
        """As deploy/service gives them out."""
        return self.port(name) + 40

    def use_tls(self, name, authority, *lines):
        """Has a service show name.pem, of the root folder, and take callers of the authority alone.

        `lines` are further settings."""
        certificate, key, ca = (os.path.join(self.root, file)
                                for file in (f"{name}.pem", f"{name}.key", f"{authority}.ca.pem"))
        with open(self.path(f"{name}.conf"), "w", encoding="utf-8") as file:
            file.write(f"tls_certificate = {certificate}\ntls_key = {key}\ntls_client_ca = {ca}\n")
            file.writelines(f"{line}\n" for line in lines)

    def path(self, *parts):
        """A file of the data folder."""
        return os.path.join(self.data, *parts)

    def pid(self, name):
        """The process number in the PID file; 0 when there is no file."""
        try:
            with open(self.path("run", f"{name}.pid"), encoding="utf-8") as file:
                return int(file.read().split()[0])
        except FileNotFoundError:
            return 0

    def pids(self):
        """The numbers of all six programs."""
        return {name: self.pid(name) for name in PROGRAMS}

    def processes(self):
        """What runs of this installation, by the mark in its environment."""
        return processes_of(self.root)


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + 10
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.01)


def _watch_over(root):
    """Starts a process that outlives this one, also one that is killed, and then does its duty.

    Returns the end of a pipe that closes with this process.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child != 0:
        os.close(reader)
        os.waitpid(child, 0)
        return writer
    # Away from whoever kills the test together with its children.
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    os.close(writer)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    os.read(reader, 1)
    for pid in processes_of(root):
        _kill(pid)
    shutil.rmtree(root, ignore_errors=True)
    os._exit(0)
