"""The composed system, used and hurt from outside. Run by tests/compose/run."""

import csv
import json
import os
import ssl
import subprocess
import time
import unittest

import grpc
import h2
from caller import LONG_PAUSES_SECONDS, Caller, Load, assert_as_of
from system import (BESIDE, CLIENT, PARTS, REPOSITORY, SERVICES, System, docker, make_next_build, remove_build, version,
                    wait_for)

PLANS = "/usr/share/dondoc/plans/cchc-2023"
# A part that was killed is back and well within this.
BACK_SECONDS = 60
# Where any part of the system listens: services, metrics, broker, cache, health and metrics of the edge, Prometheus, the edge.
DOORS = (7401, 7402, 7403, 7404, 9401, 9402, 9403, 9404, 4222, 8222, 6379, 8404, 8405, 9090, 8443)
# docs/runbook.md promises it (RTO).
RECOVERY_TIME_SECONDS = 30 * 60
# How long the load runs before and after a part is replaced.
LOAD_SECONDS = 3


def greet(port, context):
    """Begins HTTP/2 with the edge; the kind of its first frame, or the error of TLS."""
    connection = h2.Connection(port, context)
    try:
        return connection.read()[0]
    finally:
        connection.close()


class Smoke:
    """What a system does that is well. Mixed into a TestCase: one system for all cases, which run in the
    order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(System())
        cls.certificates = cls.system.certificate_folder()

    def context(self, with_certificate=True):
        """TLS as a caller of the edge speaks it."""
        context = ssl.create_default_context(cafile=self.certificates / "ca.pem")
        context.set_alpn_protocols(["h2"])
        if with_certificate:
            context.load_cert_chain(self.certificates / "certificate.pem",
                                    self.certificates / "certificate.key")
        return context

    def test_1_the_plan_is_imported_through_the_edge(self):
        self.system.dondoc("unit", "import", f"{PLANS}/units.csv")
        self.system.dondoc("plan", "import", f"{PLANS}/ke-hoach.txt", "--id", "cchc-2023")
        self.assertEqual(self.system.tasks(), 46)
        wait_for("kpi knows the plan's targets",
                 lambda: self.system.ask("kpi", "board", "--plan", "cchc-2023").get("rows"), 60)
        self.system.compose("exec", "-T", "kpi", "dondoc-admin", "cache", "rebuild")

    def test_2_only_a_certificate_of_the_authority_opens_the_edge(self):
        self.assertEqual(greet(self.system.port, self.context()), h2.SETTINGS)
        with self.assertRaises(ssl.SSLError):
            greet(self.system.port, self.context(with_certificate=False))
        stranger = self.context(with_certificate=False)
        key, certificate = (str(self.certificates / name) for name in ("x.key", "x.pem"))
        subprocess.run(("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=he-thong-mau", "-days",
                        "1", "-keyout", key, "-out", certificate), check=True, capture_output=True)
        stranger.load_cert_chain(certificate, key)
        with self.assertRaises(ssl.SSLError):
            greet(self.system.port, stranger)

    def test_3_nothing_else_is_open_and_nobody_has_rights(self):
        for part in (*PARTS, "secrets"):
            known = self.system.inspect(part)
            published = [port for port, hosts in known["NetworkSettings"]["Ports"].items() if hosts]
            expected = {"edge": ["8443/tcp"], "prometheus": ["9090/tcp"]}.get(part, [])
            self.assertEqual(published, expected, part)
            host = known["HostConfig"]
            # Operators' and this test's edge: this machine alone.
            self.assertEqual({place["HostIp"] for places in known["NetworkSettings"]["Ports"].values()
                              for place in places or ()}, {"127.0.0.1"} if expected else set(), part)
            self.assertTrue(host["ReadonlyRootfs"], part)
            self.assertEqual(host["CapDrop"], ["ALL"], part)
            self.assertIn("no-new-privileges:true", host["SecurityOpt"], part)
            self.assertEqual(known["Config"]["User"], "10001:10001", part)
            self.assertGreater(host["Memory"], 0, part)
            # Not a byte of swap beyond it.
            self.assertEqual(host["MemorySwap"], host["Memory"], part)
            self.assertGreater(host["NanoCpus"], 0, part)
            self.assertIn("noexec", host["Tmpfs"]["/tmp"], part)
            self.assertGreater(host["PidsLimit"], 0, part)
            self.assertIn({"Name": "nofile", "Soft": 16384, "Hard": 16384}, host["Ulimits"], part)
            self.assertEqual(host["LogConfig"]["Type"], "json-file", part)
            self.assertEqual(host["LogConfig"]["Config"].keys(), {"max-size", "max-file"}, part)
            # The one that ends when it has made the secrets comes by a start of the installation alone.
            self.assertEqual(host["RestartPolicy"]["Name"], "no" if part == "secrets" else "always", part)
            for setting in known["Config"]["Env"]:
                name, _, value = setting.partition("=")
                if "PASSWORD" in name and not name.endswith("_FILE"):
                    self.assertEqual(value, "", f"{part} {name}")

    def test_3_callers_reach_the_edge_alone(self):
        # Beside it, without Docker's names for what is on other networks, and by their addresses.
        known = {part: self.system.inspect(part)["NetworkSettings"]["Networks"] for part in PARTS}
        for part, networks in known.items():
            self.assertEqual(f"{self.system.project}_outside" in networks, part == "edge", part)
        doors = [(part, network["IPAddress"], port) for part, networks in known.items()
                 for network in networks.values() for port in DOORS]
        script = ("import socket, sys\n"
                  "from concurrent.futures import ThreadPoolExecutor\n"
                  "def opens(door):\n"
                  "    _, address, port = door.split(':')\n"
                  "    try:\n"
                  "        socket.create_connection((address, int(port)), timeout=2).close()\n"
                  "        return True\n"
                  "    except OSError:\n"
                  "        return False\n"
                  "with ThreadPoolExecutor(64) as pool:\n"
                  "    for door, is_open in zip(sys.argv[1:], pool.map(opens, sys.argv[1:])):\n"
                  "        if is_open: print(*door.split(':')[::2])\n")
        seen = docker("run", "--rm", "--network", f"{self.system.project}_outside", BESIDE, "python3", "-c", script,
                      *(":".join(map(str, door)) for door in doors))
        self.assertEqual(set(seen.splitlines()), {"edge 8443"})

    def test_3_prometheus_sees_every_service_and_has_its_rules(self):
        def ask(what):
            return json.loads(self.system.fetch("prometheus", 9090, f"/api/v1/{what}"))["data"]

        self.assertTrue(ask("rules")["groups"])
        wait_for("every target is up", lambda: {
            target["labels"]["service"]: target["health"] for target in ask("targets")["activeTargets"]
        } == dict.fromkeys((*SERVICES, "edge"), "up"), BACK_SECONDS)
        # HAProxy's own figures, which know what it refuses.
        self.assertTrue(ask("query?query=haproxy_frontend_http_responses_total")["result"])

    def test_3_an_acknowledged_event_is_on_disk(self):
        known = json.loads(self.system.fetch("nats", 8222, "/varz"))
        self.assertGreaterEqual(tuple(map(int, known["version"].split(".")[:2])), (2, 10))
        self.assertTrue(known["jetstream"]["config"]["sync_always"])

    def test_3_a_trace_reaches_a_line_of_the_log(self):
        trace = os.urandom(16).hex()
        with Caller(self.system.port, self.certificates) as caller:
            ask = caller.channel.unary_unary("/dondoc.registry.v1.RegistryService/GetUnit",
                                             request_serializer=bytes, response_deserializer=bytes)
            with self.assertRaises(grpc.RpcError):
                ask(b"", timeout=15, metadata=(("traceparent", f"00-{trace}-00f067aa0ba902b7-01"),))
        wait_for("the registry has logged it",
                 lambda: trace in docker("logs", "--tail", "200", self.system.container("registry")), BACK_SECONDS)

    def rules(self):
        """The rows of proto/access.csv by method."""
        with open(REPOSITORY / "proto/access.csv", encoding="utf-8") as file:
            lines = [line for line in file if line.strip() and not line.startswith("#")]
        return {row["method"]: row["roles"].split() for row in csv.DictReader(lines)}

    def run_example(self, folder, *words):
        """examples/python, as the system whose certificate lies in a folder runs it."""
        files = (str(folder / name) for name in ("ca.pem", "certificate.pem", "certificate.key"))
        return subprocess.run(("/usr/bin/python3", REPOSITORY / "examples/python/dondoc_example.py",
                               f"localhost:{self.system.port}", *files, *words),
                              text=True, capture_output=True, check=False, timeout=60)

    def test_4_a_system_does_what_its_grant_says_and_nothing_else(self):
        folder = self.system.certificate_of("mot-cua")
        work = "plans/cchc-2023/tasks/3/phases/1/assignments/van-phong"
        rules = self.rules()
        with Caller(self.system.port, folder) as caller:
            for method, roles in rules.items():
                if "anyone" not in roles and "operator" not in roles:
                    self.assertEqual(caller.outcome(method), ("PERMISSION_DENIED", "NO_GRANT"), method)
            self.assertIn("NO_GRANT", self.run_example(folder, "report", work, "40").stderr)

            self.system.dondoc("grant", "give", "system:mot-cua", "--role", "system")
            for service in ("kpi.v1.KpiService/ListIndicators", "inspection.v1.InspectionService/GetCoverage",
                            "registry.v1.RegistryService/ListUnits"):
                wait_for(f"{service} knows the grant", lambda service=service:
                         caller.outcome(f"dondoc.{service}")[1] != "NO_GRANT", 60)
            wait_for("notification knows the grant", lambda: caller.outcome(
                "dondoc.notification.v1.NotificationService/ListNotices")[1] == "ROLE_MISSING", 60)
            self.assertEqual(self.run_example(folder, "show", "units/van-phong").stdout, "Văn phòng\n")
            self.assertEqual(self.run_example(folder, "report", work, "40").stdout, f"{work} 40\n")
            self.assertIn("ROLE_MISSING", self.run_example(folder, "add", "to-moi", "Tổ mới").stderr)
            for method, roles in rules.items():
                if "operator" in roles:
                    # They answer on a port that is not reached from here.
                    self.assertEqual(caller.outcome(method)[0], "UNIMPLEMENTED", method)
                elif "anyone" not in roles and "system" not in roles:
                    self.assertEqual(caller.outcome(method), ("PERMISSION_DENIED", "ROLE_MISSING"), method)

    def kill(self, part):
        """Ends a part at once, and waits until it is back."""
        before = self.system.inspect(part)["RestartCount"]
        self.system.crash(part)
        wait_for(f"{part} was started again",
                 lambda: self.system.inspect(part)["RestartCount"] > before, BACK_SECONDS)
        wait_for(f"{part} is well", lambda: self.system.healthy(part), BACK_SECONDS)

    def sees_every_task(self):
        """A caller reads the whole plan."""
        wait_for("a caller sees all 46 tasks", lambda: self.system.tasks() == 46, BACK_SECONDS)


class ComposeTest(Smoke, unittest.TestCase):
    """The same, killed, rolled, restored and restarted."""

    def test_5_each_part_comes_back(self):
        for part in PARTS:
            with self.subTest(part):
                self.kill(part)
        self.sees_every_task()

    def test_6_the_registry_is_rolled_to_the_next_build_under_load(self):
        following = f"{version()}-next"
        make_next_build(following)
        # Runs from here on.
        self.addClassCleanup(remove_build, following)
        before = self.system.inspect("registry")["Image"]
        # Enough callers that some of their calls reach the registry between its order to end and its end.
        with Load(self.system.port, self.certificates, threads=16, rest_seconds=0.4) as load:
            time.sleep(LOAD_SECONDS)
            self.system.settings["DONDOC_VERSION"] = following
            self.system.compose("up", "-d", "--no-deps", "--no-build", "registry")
            wait_for("the next build is well", lambda: self.system.healthy("registry"),
                     BACK_SECONDS)
            time.sleep(LOAD_SECONDS)
        self.assertNotEqual(self.system.inspect("registry")["Image"], before)
        self.assertEqual(load.failed, [])
        self.assertGreater(len(load.written), 50)
        print(f"\n  {len(load.seconds)} calls while the registry was replaced; the slowest took "
              f"{max(load.seconds):.1f} s")
        # What was answered is kept.
        with Caller(self.system.port, self.certificates) as caller:
            for name in load.written:
                self.assertEqual(caller.get_unit(name).name, name)

    def test_7_a_backup_under_load_brings_back_what_was_written_before_it(self):
        file = self.certificates / "backup.tar"
        with Caller(self.system.port, self.certificates) as caller:
            before = caller.add_unit()
            self.assertEqual(self.told_backup(), 0)
            began = int(time.time())
            with Load(self.system.port, self.certificates) as load:
                time.sleep(LOAD_SECONDS)
                self.containers("backup", file)
            self.assertEqual(load.failed, [])
            self.assertTrue(began <= self.told_backup() <= time.time(), self.told_backup())
            after = caller.add_unit()

            damaged = self.certificates / "damaged.tar"
            whole = file.read_bytes()
            damaged.write_bytes(whole[:len(whole) // 2])
            self.assertNotEqual(self.restore("--replace", damaged).returncode, 0)
            # What is there is not overwritten by mistake.
            self.assertNotEqual(self.restore(file).returncode, 0)
            self.system.wait_until_healthy()
            wait_for("what was there is there",
                     lambda: caller.get_unit(after, LONG_PAUSES_SECONDS).name == after, BACK_SECONDS)

            self.containers("restore", "--replace", file)
            self.system.wait_until_healthy()
            assert_as_of(self, caller, before, after, load.written)
        wait_for("the broker, which began anew, was told everything", lambda: all(
            self.system.metric(service, "dondoc_bus_unpublished_events") == 0 for service in SERVICES),
            BACK_SECONDS)

    def test_7_backups_are_kept_as_many_as_was_said(self):
        folder = self.certificates / "kept"
        folder.mkdir()
        others = [folder / name for name in ("dondoc-của-tôi.tar", "dondoc-20230101T000000.tar.old")]
        for other in others:
            other.touch()
        for _ in range(3):
            self.containers("backup", "--keep", "2", folder)
        copies = sorted(set(folder.iterdir()) - set(others))
        self.assertEqual(len(copies), 2)
        self.assertTrue(all(other.exists() for other in others))
        self.assertNotEqual(self.system.run_script("containers", "backup", "--keep", "0", str(folder)).returncode, 0)

    def told_backup(self):
        """When the last whole backup began, as Prometheus is told."""
        return self.system.metric("registry", "dondoc_backup_last_success_timestamp_seconds")

    def restore(self, *arguments):
        return self.system.run_script("containers", "restore", *map(str, arguments))

    def containers(self, *arguments):
        done = self.system.run_script("containers", *map(str, arguments))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_8_everything_comes_back_after_the_engine_was_restarted(self):
        folder = os.environ.get("DONDOC_TEST_ENGINE")
        if not folder:
            self.skipTest("the engine belongs to somebody else and is not restarted; tests/compose/run "
                          "starts one of its own where none runs")
        for end in ("stop", "kill"):
            with self.subTest(end):
                for action in (end, "start"):
                    subprocess.run((REPOSITORY / "tests/compose/engine", action, folder), check=True,
                                   stdout=subprocess.DEVNULL)
                self.system.wait_until_healthy()
                self.sees_every_task()

    def test_9_a_host_that_has_nothing_runs_again_from_the_backup(self):
        file = self.certificates / "everything.tar"
        with Caller(self.system.port, self.certificates) as caller:
            before = caller.add_unit()
            self.containers("backup", file)
        self.system.compose("down", "-v", "--remove-orphans")
        began = time.monotonic()
        self.containers("restore", file)
        self.system.wait_until_healthy()
        seconds = time.monotonic() - began
        print(f"\n  restored on an empty host in {seconds:.0f} s")
        self.assertLess(seconds, RECOVERY_TIME_SECONDS)
        # The keys are new ones, as deploy/README.md says; what was granted stands in the databases.
        folder = self.system.certificate_folder()
        self.sees_every_task()
        with Caller(self.system.port, folder) as caller:
            self.assertEqual(caller.get_unit(before).name, before)
            caller.add_unit(LONG_PAUSES_SECONDS)
        for service in SERVICES:
            self.system.compose("exec", "-T", service, "dondoc-admin", "audit", "verify", "--service", service)


class SecondComposeTest(unittest.TestCase):
    """The same files by "docker compose", as trixie has it."""

    def test_the_system_comes_up_and_goes(self):
        client = ("docker", "run", "--rm", "-v", "/var/run/docker.sock:/var/run/docker.sock", "-v",
                  f"{REPOSITORY}:{REPOSITORY}:ro", "-w", str(REPOSITORY), "-i")
        system = System()
        for name in system.settings:
            client += ("-e", name)
        system.command = (*client, CLIENT, "docker", "compose")
        self.assertRegex(system.compose("version"), r"version v?2\.")
        with system:
            system.dondoc("unit", "import", f"{PLANS}/units.csv")
            self.assertTrue(system.ask("unit", "list")["units"])


if __name__ == "__main__":
    unittest.main()
