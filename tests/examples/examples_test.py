"""The programs of examples/ as another system runs them: against the real registry, over mutual TLS.

Run by ctest, or by hand: DONDOC_BUILD=build/dev tests/examples/examples_test.py [Python|Node|Cpp|Java|Go]
"""

import glob
import os
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "deploy"))

from certificates import make_authority, make_certificate  # noqa: E402
from installation import Installation, REPOSITORY  # noqa: E402

EXAMPLES = os.path.join(REPOSITORY, "examples")
PROTO = os.path.join(REPOSITORY, "proto")
# Debian's, which has the packages; another interpreter may be first in PATH.
PYTHON = "/usr/bin/python3"
REFUSED, USAGE, UNAVAILABLE = 1, 2, 4
# The folders of contracts that a compiled example needs.
CALLED_BY_THE_EXAMPLES = ("common", "registry")


class Example:
    """What every language shows. Mixed into a TestCase, which says how its program is run."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.enterClassContext(Installation())
        os.makedirs(cls.city.data)
        for authority in ("ours", "theirs"):
            make_authority(cls.city.root, authority)
        make_certificate(cls.city.root, "registry", "ours")
        make_certificate(cls.city.root, "system", "ours")
        make_certificate(cls.city.root, "unknown", "ours")
        make_certificate(cls.city.root, "stranger", "theirs")
        # The programs call without an edge here.
        cls.city.use_tls("registry", "ours", "edge_name =")
        cls.prepare()
        cls.service("start", "nats")
        cls.service("start", "registry")
        cls.let_in("system:system")

    @classmethod
    def let_in(cls, principal):
        """Operators make somebody Office; the first event of the log."""
        outcome = cls.city.program(
            "dondoc-admin", f"--registry=localhost:{cls.city.admin_port('registry')}",
            "--tls-ca", cls.file("ours.ca.pem"), "--tls-certificate", cls.file("registry.pem"),
            "--tls-key", cls.file("registry.key"), "first-office", principal)
        if outcome.code != 0:
            raise AssertionError(outcome.out + outcome.err)

    @classmethod
    def prepare(cls):
        """What the language needs before its program runs."""

    @classmethod
    def file(cls, name):
        """A file of this installation."""
        return os.path.join(cls.city.root, name)

    @classmethod
    def service(cls, verb, name):
        """deploy/service, which has to succeed."""
        outcome = cls.city.run("service", verb, name)
        if outcome.code != 0:
            raise AssertionError(outcome.out + outcome.err)

    def command(self, *words, certificate="system", ca="ours"):
        """The command line of the example for these words."""
        return [*self.program(), f"localhost:{self.city.port('registry')}", self.file(f"{ca}.ca.pem"),
                self.file(f"{certificate}.pem"), self.file(f"{certificate}.key"), *words]

    def run_example(self, *words, **names):
        """Runs it to its end."""
        return subprocess.run(self.command(*words, **names), env=self.environment(), text=True,
                              capture_output=True, timeout=60, check=False)

    def environment(self):
        """Where the program finds what it needs."""
        return dict(os.environ)

    def prints(self, *words):
        """The lines of a run that succeeds."""
        done = self.run_example(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout.splitlines()

    def test_1_writes_once_and_reads_every_page(self):
        for number in (1, 2, 3):
            printed = self.prints("add", f"to-{number}", f"Tổ {number}")
            self.assertEqual(printed[0].split()[0], f"units/to-{number}")
        self.assertEqual(self.prints("list"),
                         ["units/to-1 Tổ 1", "units/to-2 Tổ 2", "units/to-3 Tổ 3"])
        self.assertEqual(self.prints("show", "units/to-2"), ["Tổ 2"])

    def test_2_reads_the_reason_of_a_refusal(self):
        for words, certificate, code, reason in (
                (("show", "units/khong-co"), "system", "NOT_FOUND", "UNIT_NOT_FOUND"),
                (("add", "to-1", "Tổ khác"), "system", "ALREADY_EXISTS", "UNIT_EXISTS"),
                (("list",), "unknown", "PERMISSION_DENIED", "NO_GRANT"),
                (("add", "to-1", "Tổ 1"), "unknown", "PERMISSION_DENIED", "NO_GRANT")):
            done = self.run_example(*words, certificate=certificate)
            self.assertEqual(done.returncode, REFUSED, done.stdout + done.stderr)
            self.assertEqual(done.stderr.split()[:2], [code, reason])

    def test_3_is_not_let_in_with_the_certificate_of_another_authority(self):
        done = self.run_example("list", certificate="stranger")
        self.assertEqual(done.returncode, UNAVAILABLE, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")

    def test_4_trusts_no_server_of_another_authority(self):
        done = self.run_example("list", ca="theirs")
        self.assertEqual(done.returncode, UNAVAILABLE, done.stdout + done.stderr)

    def test_5_watches_on_over_a_restart_without_a_gap(self):
        watching = subprocess.Popen(self.command("watch", "3", "4"), env=self.environment(),
                                    text=True, stdout=subprocess.PIPE)
        self.addCleanup(watching.wait)
        self.addCleanup(watching.kill)
        self.addCleanup(watching.stdout.close)
        seen = [watching.stdout.readline(), watching.stdout.readline()]
        self.service("kill", "registry")
        self.service("start", "registry")
        self.prints("add", "to-4", "Tổ 4")
        self.prints("add", "to-5", "Tổ 5")
        seen += watching.stdout.readlines()
        self.assertEqual(watching.wait(timeout=60), 0)
        self.assertEqual([line.split() for line in seen],
                         [[str(number + 1), "dondoc.registry.unit.added", f"units/to-{number}"]
                          for number in (2, 3, 4, 5)])

    def test_6_tries_a_write_again_until_the_service_is_back(self):
        self.service("kill", "registry")
        adding = subprocess.Popen(self.command("add", "to-6", "Tổ 6"), env=self.environment(),
                                  text=True, stdout=subprocess.PIPE)
        self.addCleanup(adding.wait)
        self.addCleanup(adding.kill)
        self.addCleanup(adding.stdout.close)
        self.service("start", "registry")
        self.assertEqual(adding.wait(timeout=60), 0)
        self.assertEqual([line for line in self.prints("list") if "to-6" in line], ["units/to-6 Tổ 6"])

    def dondoc(self, *words):
        """The client of people, with the certificate of the system that is Office."""
        outcome = self.city.program(
            "dondoc", f"--registry=localhost:{self.city.port('registry')}", "--tls-ca", self.file("ours.ca.pem"),
            "--tls-certificate", self.file("system.pem"), "--tls-key", self.file("system.key"), *words)
        self.assertEqual(outcome.code, 0, outcome.out + outcome.err)

    def test_7_reports_progress_when_its_grant_says_so_and_may_do_nothing_else(self):
        plans = os.path.join(REPOSITORY, "deploy", "plans", "cchc-2023")
        self.dondoc("unit", "import", os.path.join(plans, "units.csv"))
        self.dondoc("plan", "import", os.path.join(plans, "ke-hoach.txt"), "--id", "cchc-2023")
        name = "plans/cchc-2023/tasks/3/phases/1/assignments/van-phong"
        self.assertIn("NO_GRANT", self.run_example("report", name, "40", certificate="unknown").stderr)
        self.dondoc("grant", "give", "system:unknown", "--role", "system", "--unit", "van-phong")
        done = self.run_example("report", name, "40", certificate="unknown")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f"{name} 40\n", ""))
        self.assertIn("PERCENT", self.run_example("report", name, "101", certificate="unknown").stderr)
        for words, reason in ((("add", "to-7", "Tổ 7"), "ROLE_MISSING"),
                              (("watch", "1", "1"), "SCOPE_TOO_NARROW")):
            done = self.run_example(*words, certificate="unknown")
            self.assertEqual((done.returncode, done.stderr.split()[:2]),
                             (REFUSED, ["PERMISSION_DENIED", reason]))

    def test_8_says_that_nobody_is_there(self):
        self.service("stop", "registry")
        self.assertEqual(self.run_example("list").returncode, UNAVAILABLE)

    def test_9_says_how_it_is_used(self):
        for words in ((), ("lists",), ("add", "only-an-id")):
            done = self.run_example(*words)
            self.assertEqual(done.returncode, USAGE, done.stderr)
            self.assertIn("ADDRESS CA CERTIFICATE KEY", done.stderr)


def protoc(*options, folders=("",)):
    """Runs the compiler of the contracts over all of them, or over those in some folders below dondoc/."""
    protos = sorted(name for folder in folders
                    for name in glob.glob(f"dondoc/{folder}/**/*.proto", root_dir=PROTO, recursive=True))
    subprocess.run(["protoc", "-I", ".", *options, *map(os.path.normpath, protos)], cwd=PROTO, check=True)


class Python(Example, unittest.TestCase):
    """With Debian's python3-grpcio and python3-protobuf."""

    @classmethod
    def prepare(cls):
        out = cls.file("python")
        os.mkdir(out)
        protoc(f"--python_out={out}", f"--grpc_out={out}",
               f"--plugin=protoc-gen-grpc={shutil.which('grpc_python_plugin')}")

    def program(self):
        return [PYTHON, os.path.join(EXAMPLES, "python", "dondoc_example.py")]

    def environment(self):
        return {**os.environ, "PYTHONPATH": self.file("python")}


class Node(Example, unittest.TestCase):
    """With @grpc/grpc-js and @grpc/proto-loader."""

    def program(self):
        return ["node", os.path.join(EXAMPLES, "node", "dondoc_example.js")]


class Cpp(Example, unittest.TestCase):
    """With Debian's libgrpc++."""

    def program(self):
        return [os.path.join(self.city.environment["DONDOC_BUILD"], "bin", "dondoc_example")]


class Java(Example, unittest.TestCase):
    """With Debian's libgrpc-java."""

    JARS = ":".join(f"/usr/share/java/{name}.jar" for name in (
        "grpc-api", "grpc-context", "grpc-core", "grpc-netty", "grpc-protobuf", "grpc-protobuf-lite",
        "grpc-stub", "protobuf", "guava", "jsr305", "opencensus-api", "perfmark-api", "perfmark-impl",
        "netty-buffer", "netty-codec", "netty-codec-http", "netty-codec-http2", "netty-codec-socks",
        "netty-common", "netty-handler", "netty-handler-proxy", "netty-resolver", "netty-tcnative",
        "netty-transport", "netty-transport-native-unix-common", "geronimo-annotation-1.3-spec"))

    @classmethod
    def prepare(cls):
        generated = cls.file("generated")
        os.mkdir(generated)
        protoc(f"--java_out={generated}", f"--grpc-java_out={generated}",
               f"--plugin=protoc-gen-grpc-java={shutil.which('grpc_java_plugin')}",
               folders=CALLED_BY_THE_EXAMPLES)
        subprocess.run(["javac", "-nowarn", "-proc:none", "-d", cls.file("java"), "-cp", cls.JARS,
                        "-sourcepath", generated,
                        os.path.join(EXAMPLES, "java", "DondocExample.java")], check=True)
        # Debian's netty speaks HTTP/2 over TLS with this alone, and looks for it under another name than
        # that under which Debian installs it.
        os.mkdir(cls.file("native"))
        shutil.copyfile(glob.glob("/usr/lib/*/jni/libnetty-tcnative.so")[0],
                        cls.file("native/libnetty_tcnative.so"))

    def program(self):
        return ["java", f"-Djava.library.path={self.file('native')}", "-cp",
                f"{self.file('java')}:{self.JARS}", "DondocExample"]


class Go(Example, unittest.TestCase):
    """With Debian's golang-google-grpc-dev."""

    @classmethod
    def prepare(cls):
        sources = cls.file("go/src")
        os.makedirs(sources)
        options = [f"--{plugin}_opt=M{name}=dondoc.example/protos/{os.path.dirname(name)}"
                   for name in glob.glob("dondoc/**/*.proto", root_dir=PROTO, recursive=True)
                   for plugin in ("go", "go-grpc")]
        protoc(f"--go_out={sources}", f"--go-grpc_out={sources}", *options,
               folders=CALLED_BY_THE_EXAMPLES)
        # Debian's packages are sources below one GOPATH, and no modules.
        subprocess.run(["go", "build", "-o", cls.file("go/example"),
                        os.path.join(EXAMPLES, "go", "main.go")], check=True,
                       env={**os.environ, "GO111MODULE": "off", "CGO_ENABLED": "0",
                            "GOPATH": f"{cls.file('go')}:/usr/share/gocode",
                            "GOCACHE": os.path.join(cls.city.environment["DONDOC_BUILD"], "go-cache")})

    def program(self):
        return [self.file("go/example")]


if __name__ == "__main__":
    unittest.main(verbosity=2)
