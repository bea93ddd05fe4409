"""What other systems rely on: proto/promise refuses what would break them, proto/bundle is enough.

Run by ctest, or by hand: tests/contracts/contracts_test.py [Promise|Bundle]
"""

import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROTO = os.path.join(REPOSITORY, "proto")
# Debian's, which has the packages; another interpreter may be first in PATH.
PYTHON = "/usr/bin/python3"


def run(*command, cwd=None):
    """A command with what it said, never refused here."""
    return subprocess.run(command, text=True, capture_output=True, check=False, cwd=cwd)


class ContractsTest(unittest.TestCase):
    """A folder for each case, gone after it."""

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="dondoc-contracts-"))

    def succeeds(self, *command, cwd=None):
        """What the command printed."""
        done = run(*command, cwd=cwd)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout


class Promise(ContractsTest):
    """Additions pass, breaches are named."""

    PROMISE = os.path.join(PROTO, "promise")
    UNIT = os.path.join("dondoc", "registry", "v1", "unit.proto")
    SERVICE = os.path.join("dondoc", "registry", "v1", "registry_service.proto")

    CLOCK = os.path.join("dondoc", "common", "v1", "clock_service.proto")

    # What is done to which file, and the rule of buf that names it.
    BREACHES = (
        ("a field renumbered", UNIT, "string email = 11;", "string email = 21;",
         "FIELD_NO_DELETE"),
        ("a field removed", UNIT, "  string email = 11;\n", "", "FIELD_NO_DELETE"),
        ("a field renamed", UNIT, "string email = 11;", "string mail = 11;", "FIELD_SAME_NAME"),
        ("a field of another type", UNIT, "bool illustrative = 12;", "int64 illustrative = 12;",
         "FIELD_SAME_TYPE"),
        ("one where there were many", UNIT, "repeated string aliases", "string aliases",
         "FIELD_SAME_CARDINALITY"),
        ("a value removed", UNIT, "  UNIT_KIND_EXTERNAL = 7;\n", "", "ENUM_VALUE_NO_DELETE"),
        ("an RPC removed", SERVICE, "  rpc GetUnit(GetUnitRequest) returns (GetUnitResponse);\n",
         "", "RPC_NO_DELETE"),
        ("an RPC that answers something else", SERVICE,
         "rpc GetUnit(GetUnitRequest) returns (GetUnitResponse)",
         "rpc GetUnit(GetUnitRequest) returns (AddUnitResponse)", "RPC_SAME_RESPONSE_TYPE"),
        ("an RPC that streams", SERVICE, "returns (GetUnitResponse)",
         "returns (stream GetUnitResponse)", "RPC_SAME_SERVER_STREAMING"),
        ("another package", CLOCK, "package dondoc.common.v1;", "package dondoc.common.v2;",
         "FILE_SAME_PACKAGE"),
    )

    def copy(self):
        """The contracts, to be hurt."""
        copy = os.path.join(self.folder, "proto")
        shutil.copytree(PROTO, copy)
        return copy

    def change(self, copy, file, old, new):
        """Replaces a text that must be there."""
        path = os.path.join(copy, file)
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        self.assertIn(old, text)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text.replace(old, new, 1))

    def test_1_the_contracts_hold_it(self):
        self.succeeds(self.PROMISE, "check")

    def test_2_every_breach_is_refused_by_its_rule(self):
        for what, file, old, new, named in self.BREACHES:
            with self.subTest(what):
                copy = self.copy()
                self.change(copy, file, old, new)
                done = run(self.PROMISE, "check", copy)
                shutil.rmtree(copy)
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertIn(named, done.stdout + done.stderr)
                self.assertIn("this breaks what was promised", done.stderr)

    def test_3_a_file_that_is_gone_is_refused(self):
        copy = self.copy()
        os.remove(os.path.join(copy, self.CLOCK))
        done = run(self.PROMISE, "check", copy)
        self.assertEqual(done.returncode, 1)
        self.assertIn("clock_service.proto", done.stdout + done.stderr)
        self.assertIn("FILE_NO_DELETE", done.stdout + done.stderr)

    def test_4_additions_pass_and_the_promise_stays_as_it_was(self):
        copy = self.copy()
        self.change(copy, self.UNIT, "string email = 11;", "string email = 11;\n  string seal = 99;")
        self.change(copy, self.SERVICE, "  rpc GetUnit(",
                    "  rpc Greet(GreetRequest) returns (GreetResponse);\n  rpc GetUnit(")
        with open(os.path.join(copy, self.SERVICE), "a", encoding="utf-8") as stream:
            stream.write("message GreetRequest {}\nmessage GreetResponse {}\n")
        self.succeeds(self.PROMISE, "check", copy)

    def test_5_a_reader_is_told_how_it_is_used(self):
        done = run(self.PROMISE)
        self.assertEqual(done.returncode, 2)
        self.assertIn("proto/promise", done.stderr)


class Bundle(ContractsTest):
    """What stands in the archive, and nothing else, is enough for a caller."""

    def setUp(self):
        super().setUp()
        out = os.path.join(self.folder, "made")
        self.archive = self.succeeds(os.path.join(PROTO, "bundle"), out).strip()
        self.succeeds("tar", "xzf", self.archive, "-C", self.folder)
        self.root = os.path.join(self.folder, os.path.basename(self.archive).removesuffix(".tar.gz"))
        self.protos = sorted(glob.glob("**/*.proto", root_dir=self.root, recursive=True))

    def test_1_it_holds_every_contract_its_license_and_what_to_do_with_them(self):
        ours = sorted(glob.glob("**/*.proto", root_dir=PROTO, recursive=True))
        self.assertEqual(self.protos, ours)
        self.assertGreater(len(ours), 10)
        for file in ("README.md", "LICENSE", "VERSION", "buf.yaml", "access.csv"):
            self.assertTrue(os.path.isfile(os.path.join(self.root, file)), file)
        with open(os.path.join(REPOSITORY, "CMakeLists.txt"), encoding="utf-8") as file:
            version = re.search(r"project\(dondoc VERSION ([\d.]+)", file.read()).group(1)
        self.assertTrue(self.root.endswith(f"dondoc-protos-{version}"), self.root)

    def test_2_its_checksum_is_right_and_the_same_contracts_make_the_same_bytes(self):
        folder, name = os.path.split(self.archive)
        self.succeeds("sha256sum", "--check", name + ".sha256", cwd=folder)
        again = os.path.join(self.folder, "again")
        self.succeeds(os.path.join(PROTO, "bundle"), again)
        with open(self.archive, "rb") as one, open(os.path.join(again, name), "rb") as other:
            self.assertEqual(one.read(), other.read())

    def test_3_cpp_is_generated_from_it_alone(self):
        out = os.path.join(self.folder, "cpp")
        os.mkdir(out)
        plugin = shutil.which("grpc_cpp_plugin")
        self.succeeds("protoc", "-I", ".", f"--cpp_out={out}", f"--grpc_out={out}",
                      f"--plugin=protoc-gen-grpc={plugin}", *self.protos, cwd=self.root)
        self.assertTrue(os.path.isfile(
            os.path.join(out, "dondoc", "registry", "v1", "registry_service.grpc.pb.h")))

    def test_4_python_imports_what_is_generated_from_it(self):
        out = os.path.join(self.folder, "python")
        os.mkdir(out)
        plugin = shutil.which("grpc_python_plugin")
        self.succeeds("protoc", "-I", ".", f"--python_out={out}", f"--grpc_out={out}",
                      f"--plugin=protoc-gen-grpc={plugin}", *self.protos, cwd=self.root)
        printed = self.succeeds(
            PYTHON, "-c",
            "from dondoc.kpi.v1 import kpi_service_pb2_grpc as kpi\n"
            "from dondoc.registry.v1 import registry_service_pb2 as registry\n"
            "print(kpi.KpiServiceStub.__name__)\n"
            "print(registry.DESCRIPTOR.services_by_name['RegistryService'].full_name)", cwd=out)
        self.assertEqual(printed.split(), ["KpiServiceStub", "dondoc.registry.v1.RegistryService"])

    @unittest.skipUnless(os.path.isdir(os.path.join(REPOSITORY, "node_modules", "@grpc")),
                         "npm has not been asked for @grpc; tests/run does")
    def test_5_node_reads_it(self):
        program = (
            "const loader = require('@grpc/proto-loader');"
            "const all = loader.loadSync(process.argv.slice(2), {includeDirs: [process.argv[1]]});"
            "console.log(Object.keys(all).filter(n => n.endsWith('Service')).sort().join(' '));")
        printed = self.succeeds("node", "-e", program, self.root, *self.protos, cwd=REPOSITORY)
        self.assertIn("dondoc.registry.v1.RegistryService", printed.split())
        self.assertIn("dondoc.notification.v1.NotificationService", printed.split())


if __name__ == "__main__":
    unittest.main(verbosity=2)
