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
# What the parts are made from, dondoc/<image>:<version>.
IMAGES = ("programs", "haproxy", "nats", "redis", "prometheus")
# Made by tests/compose/run from tests/compose/Dockerfile.
BESIDE = "dondoc-test/beside"
CLIENT = "dondoc-test/client"
# Everything starts within this on two busy cores.
READY_SECONDS = 180
COMPOSE_1 = ("docker-compose",)
# How the client ends when nobody answered, or not as he should.
UNANSWERED = (4, 5)


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


def docker(*arguments):
    """Runs docker; answers what it printed, bytes that are no text as \\x.."""
    done = subprocess.run(("docker", *arguments), encoding="utf-8", errors="backslashreplace",
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"docker {arguments}: {done.stdout}{done.stderr}")
    return done.stdout


def version():
    """DONDOC_VERSION, of the environment or of .env: the tag of the images."""
    if "DONDOC_VERSION" in os.environ:
        return os.environ["DONDOC_VERSION"]
    for line in (REPOSITORY / ".env").read_text(encoding="utf-8").splitlines():
        if line.startswith("DONDOC_VERSION="):
            return line.partition("=")[2]
    raise AssertionError(".env has no DONDOC_VERSION")


def make_next_build(tag):
    """The images of the next build: the same programs, in images that are others."""
    for image in IMAGES:
        subprocess.run(("docker", "build", "-q", "-t", f"dondoc/{image}:{tag}", "-"),
                       input=f"FROM dondoc/{image}:{version()}\nLABEL dondoc.build={tag}\n",
                       text=True, capture_output=True, check=True)


def remove_build(tag):
    """Whoever still runs on them keeps them."""
    docker("rmi", "-f", *(f"dondoc/{image}:{tag}" for image in IMAGES))


class System:
    """docker-compose.yml, brought up when this is entered and taken down with its volumes after.

    `overlays` are further files of deploy/, `overrides` files of anywhere; `parts` names all that then
    runs; `command` is how compose is called, `root` the folder where it is called, and `up` what is said
    after "up -d".
    """

    def __init__(self, overlays=(), parts=PARTS, command=COMPOSE_1, overrides=(), root=REPOSITORY,
                 up=("--no-build",)):
        self.parts = parts
        self.command = command
        self.root = root
        self.up = up
        self.files = ("docker-compose.yml", *(f"deploy/{overlay}" for overlay in overlays), *map(str, overrides))
        self.port = free_port()
        self.project = f"dondoc-test-{os.getpid()}-{self.port}"
        self.folder = tempfile.TemporaryDirectory()
        self.settings = dict(
            COMPOSE_PROJECT_NAME=self.project,
            COMPOSE_FILE=":".join(self.files),
            DONDOC_VERSION=version(),
            DONDOC_EDGE_ADDRESS="127.0.0.1",
            DONDOC_EDGE_PORT=str(self.port),
            DONDOC_PROMETHEUS_PORT=str(free_port()),
        )

    def __enter__(self):
        try:
            self.compose("up", "-d", *self.up)
            self.wait_until_healthy()
            self.let_in("system:he-thong-mau")
        except BaseException:
            print(self.compose("logs", "--no-color", "--tail", "15", check=False))
            self.take_down()
            raise
        return self

    def __exit__(self, *_):
        self.take_down()
        left = self.left_over()
        if left:
            raise AssertionError(f"left over: {left}")

    def take_down(self):
        """Takes it down, with all that it kept."""
        # The second version keeps the volumes of a profile that is not named.
        self.compose("--profile", "client", "down", "-v", "--remove-orphans", "-t", "10", check=False)
        self.folder.cleanup()

    def left_over(self):
        """Containers, volumes and networks that are still there."""
        of_this = ("--filter", f"label=com.docker.compose.project={self.project}")
        return [line for kind in (("ps", "-a"), ("volume", "ls"), ("network", "ls"))
                for line in docker(*kind, "-q", *of_this).splitlines()]

    def compose(self, *arguments, check=True, stdin=b""):
        """Runs compose; answers what it printed."""
        done = self.run_compose(*arguments, stdin=stdin)
        if check and done.returncode != 0:
            raise AssertionError(
                f"{self.command[-1]} {arguments}: {done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode()

    def run_compose(self, *arguments, stdin=b""):
        """Runs compose to its end, in bytes, whatever the end is."""
        return subprocess.run((*self.command, *arguments), cwd=self.root,
                              env={**os.environ, **self.settings}, input=stdin,
                              capture_output=True, check=False)

    def run_script(self, script, *arguments):
        """Runs a script of deploy/ on this system, to its end, whatever the end is."""
        return subprocess.run((self.root / "deploy" / script, *arguments), text=True,
                              env={**os.environ, **self.settings}, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False)

    def put_over(self, name, services):
        """Settings of services that .env does not name, in a file of their own, as deploy/README.md tells;
        the next "up" takes them."""
        file = Path(self.folder.name) / f"{name}.yml"
        file.write_text(json.dumps({"services": services}), encoding="utf-8")
        self.settings["COMPOSE_FILE"] += f":{file}"

    def new_folder(self, name):
        """A folder that containers may read, gone with the system."""
        folder = Path(self.folder.name) / name
        folder.mkdir()
        folder.chmod(0o755)
        return folder

    def containers(self, part):
        """The ids of a part's containers, one for each replica."""
        return self.compose("ps", "-a", "-q", part).split()

    def container(self, part):
        """The id of a part's container, or of its first."""
        return self.containers(part)[0]

    def inspect(self, part):
        """What the engine knows of a part's container."""
        return json.loads(docker("inspect", self.container(part)))[0]

    def state(self, container):
        """How a container is."""
        return json.loads(docker("inspect", container))[0]["State"]

    def healthy(self, part):
        """Whether a part runs and its health check says so."""
        state = self.inspect(part)["State"]
        return state["Running"] and state.get("Health", {}).get("Status") == "healthy"

    def wait_until_healthy(self, seconds=READY_SECONDS):
        """Every part is well."""
        for part in self.parts:
            wait_for(f"{part} is healthy", lambda part=part: self.healthy(part), seconds)

    def crash(self, part):
        """Ends a part at once, as no command of Docker does: it takes those for somebody's wish."""
        os.kill(self.inspect(part)["State"]["Pid"], signal.SIGKILL)

    def let_in(self, principal):
        """Operators make the example system Office, as the handbook says of a person."""
        self.compose("exec", "-T", "registry", "dondoc-admin", "first-office", principal)
        # Every service hears of it by the registry's events.
        for words in (("inspection", "coverage", "2023"), ("kpi", "list"), ("notice", "list")):
            wait_for(f"{principal} may ask {words[0]}",
                     lambda words=words: self.answers_with_a_grant(*words), 60)

    def answers_with_a_grant(self, *words):
        """Whether the client reaches who answers this, and is told something else than that it holds no grant."""
        done = self.run_compose("run", "--rm", "--no-deps", "-T", "dondoc", *words)
        return done.returncode not in UNANSWERED and b"NO_GRANT" not in done.stderr

    def dondoc(self, *arguments, check=True):
        """The client, outside, with the certificate of the example system."""
        return self.compose("run", "--rm", "--no-deps", "-T", "dondoc", *arguments, check=check)

    def ask(self, *arguments):
        """The client's answer as JSON."""
        return json.loads(self.dondoc(*arguments, "--json"))

    def tasks(self):
        """How many tasks of the example plan a caller sees; nothing while the edge cannot answer."""
        text = self.dondoc("task", "list", "--plan", "cchc-2023", "--json", check=False)
        return len(json.loads(text)["tasks"]) if text else 0

    def fetch(self, part, port, path, container=None):
        """What a server in a part's container, which only those in it reach, answers over HTTP."""
        text = docker("exec", container or self.container(part), "bash", "-c",
                      f"exec 3<> /dev/tcp/127.0.0.1/{port};"
                      f" printf 'GET {path} HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3")
        head, _, body = text.partition("\n\n")
        if " 200 " not in head.splitlines()[0]:
            raise AssertionError(f"{part}{path}: {text[:200]}")
        return body

    def metric(self, service, name, having=""):
        """A metric of a service, added up over those of its series that contain `having`."""
        text = self.fetch(service, 9401 + SERVICES.index(service), "/metrics")
        if f"# TYPE {name} " not in text:
            raise AssertionError(f"{service} has no metric {name}")
        return sum(float(line.split()[-1]) for line in text.splitlines()
                   if line.startswith(name) and having in line)

    def certificate_folder(self):
        """A folder with the example system's ca.pem, certificate.pem and certificate.key."""
        folder = Path(self.folder.name) / "example"
        folder.mkdir(exist_ok=True)
        for name in ("ca.pem", "certificate.pem", "certificate.key"):
            text = self.compose("run", "--rm", "--no-deps", "-T", "--entrypoint", "cat", "dondoc",
                                f"/secrets/client/{name}")
            (folder / name).write_text(text, encoding="ascii")
        return folder

    def certificate_of(self, name):
        """The same for another system, made as the handbook says."""
        folder = Path(self.folder.name) / name
        folder.mkdir(parents=True)
        folder.chmod(0o700)
        text = self.compose("run", "--rm", "-T", "issuer", "system", name)
        begin = "-----BEGIN "
        blocks = [begin + block for block in text.split(begin)[1:]]
        for file, block in zip(("certificate.pem", "certificate.key", "ca.pem"), blocks,
                               strict=True):
            (folder / file).write_text(block, encoding="ascii")
        return folder
