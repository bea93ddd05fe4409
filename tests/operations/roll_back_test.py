"""An upgrade of deploy/up, and the ways back from it, as docs/runbook.md tells them.

The older and the newer programs are the same ones in two folders; a step of a schema that only newer ones would know
is put into the database by hand.
"""

import glob
import json
import os
import sqlite3
import uuid

from operations import NEW_UNIT, OperationsTest, PLAN, admin, main, settled, statuses
from installation import Installation, SERVICES, eventually


class RollBack(OperationsTest):
    """One installation, in the order of its life."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.enterClassContext(Installation())
        cls.backup = os.path.join(cls.city.root, "before")
        programs = os.path.join(cls.city.environment["DONDOC_BUILD"], "bin")
        for build in ("older", "newer"):
            os.makedirs(cls.bin(build))
            for program in glob.glob(os.path.join(os.path.abspath(programs), "dondoc*")):
                os.symlink(program, os.path.join(cls.bin(build), os.path.basename(program)))
        cls.started = cls.start("older")

    @classmethod
    def bin(cls, build):
        """Where the programs of a build are."""
        return os.path.join(cls.city.root, build, "bin")

    @classmethod
    def start(cls, build):
        """What git checkout and deploy/up do: it starts the programs of this build."""
        cls.city.environment["DONDOC_BUILD"] = os.path.dirname(cls.bin(build))
        return cls.city.run("up", "--real-clock")

    def runs_all_of(self, build):
        """Every service is a program of this build, and all is told to everybody."""
        for name in SERVICES:
            with open(f"/proc/{self.city.pid(name)}/cmdline", "rb") as file:
                self.assertEqual(file.read().split(b"\0")[0].decode(),
                                 os.path.join(self.bin(build), f"dondoc-{name}"))
        self.assertTrue(eventually(lambda: settled(self.city)), statuses(self.city))
        self.assertEqual([line["deadLetters"] for line in statuses(self.city).values()], ["0"] * 4)

    def schema(self):
        """The steps that each service's database was made with."""
        lines = self.succeeds(admin(self.city, "schema", "--json")).splitlines()
        return {line["service"]: line["schema"] for line in map(json.loads, lines)}

    def add(self, name, request=None):
        """Adds a unit by the name, with the identity of the request."""
        return self.succeeds(self.city.dondoc("--request-id", request or str(uuid.uuid4()), "unit", "add", name,
                                              "--name", f"{name} (minh hoạ)", *NEW_UNIT))

    def units(self):
        """Which units there are."""
        listed = json.loads(self.succeeds(self.city.dondoc("unit", "list", "--json")))
        return {unit["name"].removeprefix("units/") for unit in listed["units"]}

    def test_1_an_upgrade_starts_the_newer_programs_on_the_data(self):
        self.succeeds(self.started)
        self.runs_all_of("older")
        self.succeeds(self.city.dondoc("unit", "import", os.path.join(PLAN, "units.csv")))
        type(self).before = self.units()
        type(self).older_schema = self.schema()
        self.succeeds(self.city.run("backup", self.backup))
        self.succeeds(self.city.run("down"))
        self.succeeds(self.start("newer"))
        self.runs_all_of("newer")
        self.assertEqual(self.units(), self.before)
        self.add("to-sau-nang-cap")

    def test_2_without_a_new_step_the_older_ones_go_on_from_there(self):
        self.assertEqual(self.schema(), self.older_schema, "or this is not the way")
        # What runs goes on running without it.
        self.succeeds(self.start("older"))
        self.runs_all_of("newer")
        self.succeeds(self.city.run("down"))
        self.succeeds(self.start("older"))
        self.runs_all_of("older")
        self.assertEqual(self.units(), self.before | {"to-sau-nang-cap"})

    def test_3_after_a_new_step_they_refuse_the_database(self):
        self.succeeds(self.city.run("down"))
        self.succeeds(self.start("newer"))
        type(self).request = str(uuid.uuid4())
        self.add("to-mat-di", self.request)
        self.succeeds(self.city.run("down"))
        with sqlite3.connect(self.city.path("db", "registry.db")) as database:
            database.execute("insert into schema_steps values ('registry', 999, 'of the newer programs')")
        refused = self.start("older")
        self.assertNotEqual(refused.code, 0)
        self.assertIn("the database is newer than this program (step registry 999)", refused.err)
        self.assertIn("nothing was left running", refused.err)
        self.assertEqual(self.city.processes(), [])

    def test_4_and_the_backup_of_before_brings_back_what_was_before(self):
        self.succeeds(self.city.run("restore", "--replace", self.backup))
        self.succeeds(self.start("older"))
        self.runs_all_of("older")
        self.assertEqual(self.units(), self.before)
        self.assertEqual(self.schema(), self.older_schema)
        # Whoever was answered since and still has the identity of the request repeats it.
        self.add("to-mat-di", self.request)
        self.add("to-mat-di", self.request)
        self.assertEqual(self.units(), self.before | {"to-mat-di"})
        self.assertTrue(eventually(lambda: settled(self.city)), statuses(self.city))


if __name__ == "__main__":
    main()
