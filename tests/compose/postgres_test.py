"""deploy/compose.postgres.yml: the services on PostgreSQL, two of each; what is killed under load."""

import json
import os
import signal
import subprocess
import threading
import time
import unittest

import grpc
from caller import LONG_PAUSES_SECONDS, Caller, Load
from dondoc.registry.v1 import registry_service_pb2 as registry
from system import PARTS, SERVICES, System, wait_for

PLANS = "/usr/share/dondoc/plans/cchc-2023"
LOAD_SECONDS = 3
BACK_SECONDS = 60
REPLICAS = 2


class Watcher:
    """A caller that follows the registry's log through the edge, and goes on where it stood when its stream
    breaks, as WatchChanges says. Use as a context."""

    def __init__(self, port, certificates):
        self.caller = Caller(port, certificates)
        self.sequences = []
        self.broken = 0
        self.ended = threading.Event()
        self.stream = None
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        if self.stream:
            self.stream.cancel()
        self.caller.channel.close()
        self.thread.join()

    def _run(self):
        watch = self.caller.channel.unary_stream(
            "/dondoc.registry.v1.RegistryService/WatchChanges",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=registry.WatchChangesResponse.FromString)
        while not self.ended.is_set():
            last = self.sequences[-1] if self.sequences else 0
            try:
                self.stream = watch(registry.WatchChangesRequest(from_sequence=last + 1))
                for answer in self.stream:
                    self.sequences.append(answer.change.sequence)
            except (grpc.RpcError, ValueError):
                # The channel is closed at the end (ValueError); else the replica at the other end is gone.
                self.broken += 1
                self.ended.wait(0.2)


class PostgresTest(unittest.TestCase):
    """One system for all cases, which run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(System(["compose.postgres.yml"], ("postgres", *PARTS)))
        cls.certificates = cls.system.certificate_folder()
        cls.system.dondoc("unit", "import", f"{PLANS}/units.csv")
        cls.system.dondoc("plan", "import", f"{PLANS}/ke-hoach.txt", "--id", "cchc-2023")

    def connects(self, database):
        """Whether the user of kpi, with the password of kpi, gets into a database."""
        return self.system.run_compose(
            "exec", "-T", "postgres", "bash", "-c",
            f"PGPASSWORD=$(cat /secrets/postgres/kpi-password) psql -At -h postgres -U kpi"
            f" -d {database} -c 'select 1'").returncode == 0

    def test_1_the_plan_is_imported_and_told(self):
        self.assertEqual(self.system.tasks(), 46)
        wait_for("kpi has heard of it", lambda: self.system.ask(
            "kpi", "board", "--plan", "cchc-2023").get("rows"), BACK_SECONDS)

    def test_1_the_server_checks_what_it_reads_from_the_disk(self):
        shown = self.system.compose("exec", "-T", "postgres", "psql", "-At", "-h", "/tmp", "-U", "postgres",
                                    "-c", "show data_checksums")
        self.assertEqual(shown.strip(), "on")

    def test_2_a_service_reaches_no_database_but_its_own(self):
        self.assertTrue(self.connects("kpi"))
        for database in (*SERVICES, "postgres", "template1"):
            self.assertEqual(self.connects(database), database == "kpi", database)

    def test_3_nothing_that_was_answered_is_lost_when_the_database_is_killed(self):
        with Load(self.system.port, self.certificates, pauses=LONG_PAUSES_SECONDS) as load:
            time.sleep(LOAD_SECONDS)
            self.system.crash("postgres")
            wait_for("the database is well", lambda: self.system.healthy("postgres"), BACK_SECONDS)
            answered = len(load.written)
            wait_for("writes go on", lambda: len(load.written) > answered + 20, BACK_SECONDS)
        self.assertEqual(load.failed, [])
        with Caller(self.system.port, self.certificates) as caller:
            for name in load.written:
                self.assertEqual(caller.get_unit(name, LONG_PAUSES_SECONDS).name, name)
        self.assertEqual(self.system.tasks(), 46)

    def status(self, service, container):
        """What the operators of one replica are told; nothing while it does not answer."""
        done = subprocess.run(
            ("docker", "exec", container, "dondoc-admin", "--json", "status", "--service", service),
            text=True, capture_output=True, check=False)
        return json.loads(done.stdout) if done.stdout else None

    def on_duty(self, service):
        """Which replica of a service is on duty; nothing unless all answer and it is exactly one."""
        known = {container: self.status(service, container)
                 for container in self.system.containers(service)}
        if len(known) != REPLICAS or None in known.values():
            return None
        working = [container for container, status in known.items() if status.get("onDuty")]
        return working[0] if len(working) == 1 else None

    def well(self, container):
        """Whether a container runs and its health check says so."""
        state = self.system.state(container)
        return state["Running"] and state["Health"]["Status"] == "healthy"

    def kill(self, container):
        """Ends one replica at once, as no command of Docker does, and waits until it is back and well."""
        before = self.system.state(container)["StartedAt"]
        os.kill(self.system.state(container)["Pid"], signal.SIGKILL)
        wait_for("it was started again",
                 lambda: self.system.state(container)["StartedAt"] != before, BACK_SECONDS)
        wait_for("it is well", lambda: self.well(container), BACK_SECONDS)

    def targets(self):
        """How many replicas of each service Prometheus reaches."""
        answer = json.loads(self.system.fetch("prometheus", 9090, "/api/v1/query?query=up"))
        found = [(series["metric"]["service"], series["metric"]["instance"])
                 for series in answer["data"]["result"] if series["value"][1] == "1"]
        return {service: sum(name == service for name, _ in found) for service in SERVICES}

    def test_4_two_replicas_of_each_run_and_one_is_on_duty(self):
        scale = [word for service in SERVICES for word in ("--scale", f"{service}={REPLICAS}")]
        self.system.compose("up", "-d", "--no-build", *scale)
        for service in SERVICES:
            self.assertEqual(len(self.system.containers(service)), REPLICAS)
            for container in self.system.containers(service):
                wait_for(f"both of {service} are well", lambda container=container: self.well(container),
                         BACK_SECONDS)
            wait_for(f"one of {service} is on duty", lambda service=service: self.on_duty(service),
                     BACK_SECONDS)
        wait_for("Prometheus knows both of each", lambda: self.targets() == dict.fromkeys(SERVICES, REPLICAS),
                 BACK_SECONDS)

    def test_5_either_replica_of_any_service_may_die_at_any_moment(self):
        with Watcher(self.system.port, self.certificates) as watcher, \
                Load(self.system.port, self.certificates) as load:
            time.sleep(LOAD_SECONDS)
            for service in SERVICES:
                for working in (True, False):
                    with self.subTest(service, on_duty=working):
                        duty = wait_for("one is on duty", lambda service=service: self.on_duty(service),
                                        BACK_SECONDS)
                        other = next(one for one in self.system.containers(service) if one != duty)
                        self.kill(duty if working else other)
                        wait_for("one is on duty again", lambda service=service: self.on_duty(service),
                                 BACK_SECONDS)
            answered = len(load.written)
            wait_for("writes go on", lambda: len(load.written) > answered + 20, BACK_SECONDS)
        self.assertEqual(load.failed, [])
        with Caller(self.system.port, self.certificates) as caller:
            for name in load.written:
                self.assertEqual(caller.get_unit(name).name, name)
        # Whoever followed has seen every change once and in order, though the streams of two replicas broke.
        self.assertGreater(watcher.broken, 0)
        self.assertEqual(watcher.sequences, list(range(1, len(watcher.sequences) + 1)))
        self.assertGreater(len(watcher.sequences), len(load.written))
        for service in SERVICES:
            # The chain of hashes from the first event to the last.
            self.system.compose("exec", "-T", service, "dondoc-admin", "audit", "verify", "--service", service)
        wait_for("the listeners have heard of everything", self.events_flow, BACK_SECONDS)

    def events_flow(self):
        """Whether the one on duty of each service has published all of its log and heard all of the others'."""
        for service in SERVICES:
            duty = self.on_duty(service)
            # 64 bits are text in JSON.
            if duty is None or int(self.status(service, duty)["unpublishedEvents"]) > 0:
                return False
            # The registry listens to nobody.
            if service != "registry" and not self.has_heard(service, duty):
                return False
        return True

    def has_heard(self, service, container):
        """Whether a replica has measured how far it is behind those it listens to, and is behind nobody."""
        text = self.system.fetch(service, 9401 + SERVICES.index(service), "/metrics", container)
        behind = [float(line.split()[-1]) for line in text.splitlines() if line.startswith("dondoc_bus_lag_events{")]
        return behind != [] and max(behind) == 0


if __name__ == "__main__":
    unittest.main()
