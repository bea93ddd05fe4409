"""An upgrade, and the ways back from it, as deploy/README.md and docs/runbook.md tell them. Run by tests/compose/run.

The next build is the same programs in images of another tag; a step of a schema that only it would know is put into
the database by hand.
"""

import json
import time
import unittest

import grpc
from caller import LONG_PAUSES_SECONDS, Caller, Load
from system import BESIDE, PARTS, SERVICES, System, docker, make_next_build, remove_build, version, wait_for

FOLLOWING = f"{version()}-following"
BACK_SECONDS = 60
# How long the load runs before and after everything is replaced, the edge with it.
LOAD_SECONDS = 3
# What such a caller may be told where the edge is away for longer than it waits.
AWAY = {"StatusCode.UNAVAILABLE", "StatusCode.DEADLINE_EXCEEDED"}
ADD_STEP = ("import sqlite3\n"
            "with sqlite3.connect('/data/registry.db') as database:\n"
            "    database.execute(\"insert into schema_steps values ('registry', 999, 'of the next build')\")\n")


class RollBackTest(unittest.TestCase):
    """One system for all cases, which run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        make_next_build(FOLLOWING)
        cls.addClassCleanup(remove_build, FOLLOWING)
        cls.system = cls.enterClassContext(System())
        cls.certificates = cls.system.certificate_folder()
        cls.backup = cls.certificates / "before.tar"
        cls.images = cls.running()
        cls.schema = cls.told_schema()

    @classmethod
    def running(cls):
        """The image of each part."""
        return {part: cls.system.inspect(part)["Image"] for part in PARTS}

    @classmethod
    def told_schema(cls):
        """What dondoc-admin says of each service's steps."""
        return {service: json.loads(cls.system.compose("exec", "-T", service, "dondoc-admin", "--json", "schema",
                                                       "--service", service))["schema"] for service in SERVICES}

    def check_out(self, tag):
        """What git and docker-compose build do: the next command starts these images."""
        self.system.settings["DONDOC_VERSION"] = tag

    def everything_is_well(self):
        """Every part runs, every service has told what it knows, and nobody choked on anything."""
        self.system.wait_until_healthy()
        for metric in ("unpublished_events", "dead_letters", "broker_ahead_events"):
            wait_for(f"no {metric}", lambda metric=metric: all(
                self.system.metric(service, f"dondoc_bus_{metric}") == 0 for service in SERVICES), BACK_SECONDS)

    def keeps(self, names):
        """What was answered is there, and more can be written."""
        with Caller(self.system.port, self.certificates) as caller:
            for name in names:
                self.assertEqual(caller.get_unit(name, LONG_PAUSES_SECONDS).name, name)
            return caller.add_unit()

    def replace_under_load(self, tag):
        """docker-compose up -d of a checkout, while callers write; what they were answered."""
        with Load(self.system.port, self.certificates, pauses=LONG_PAUSES_SECONDS) as load:
            time.sleep(LOAD_SECONDS)
            self.check_out(tag)
            self.system.compose("up", "-d", "--no-build")
            self.everything_is_well()
            answered = len(load.written)
            wait_for("writes go on", lambda: len(load.written) > answered, BACK_SECONDS)
        self.assertLessEqual({failure.partition(":")[0] for failure in load.failed}, AWAY)
        print(f"\n  {len(load.written)} writes while everything was replaced; the slowest call took "
              f"{max(load.seconds):.1f} s, {len(load.failed)} met nobody")
        return load.written

    def script(self, *words):
        """deploy/containers, which has to succeed."""
        done = self.system.run_script("containers", *map(str, words))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_1_an_upgrade_replaces_every_part_and_loses_nothing(self):
        with Caller(self.system.port, self.certificates) as caller:
            type(self).before = caller.add_unit()
        self.script("backup", self.backup)
        written = self.replace_under_load(FOLLOWING)
        for part, image in self.running().items():
            self.assertNotEqual(image, self.images[part], part)
        type(self).since = [self.keeps([self.before, *written]), *written]

    def test_2_a_roll_back_without_a_new_step_loses_nothing(self):
        self.assertEqual(self.told_schema(), self.schema, "or this is not the way")
        written = self.replace_under_load(version())
        self.assertEqual(self.running(), self.images)
        self.since.append(self.keeps([self.before, *self.since, *written]))

    def test_3_after_a_new_step_the_older_programs_refuse_the_database(self):
        self.check_out(FOLLOWING)
        self.system.compose("up", "-d", "--no-build")
        self.everything_is_well()
        self.system.compose("stop", "registry")
        docker("run", "--rm", "--network", "none", "-u", "10001:10001",
               "-v", f"{self.system.project}_data-registry:/data", BESIDE, "python3", "-c", ADD_STEP)
        self.check_out(version())
        self.system.compose("up", "-d", "--no-build", "--no-deps", "registry")
        wait_for("the registry says why", lambda: "the database is newer than this program (step registry 999)"
                 in self.system.compose("logs", "--no-color", "registry"), BACK_SECONDS)
        self.assertFalse(self.system.healthy("registry"))

    def test_4_and_the_backup_of_before_brings_back_what_was_before(self):
        # All but the registry are of the next build until here.
        self.assertNotEqual(self.running()["kpi"], self.images["kpi"])
        self.script("restore", "--replace", self.backup)
        self.everything_is_well()
        self.assertEqual(self.running(), self.images)
        self.assertEqual(self.told_schema(), self.schema)
        self.keeps([self.before])
        with Caller(self.system.port, self.certificates) as caller:
            for name in self.since:
                with self.assertRaises(grpc.RpcError) as refused:
                    caller.get_unit(name)
                self.assertEqual(refused.exception.code(), grpc.StatusCode.NOT_FOUND, name)


if __name__ == "__main__":
    unittest.main()
