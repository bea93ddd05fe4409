"""deploy/backup and deploy/restore, as operators run them, where the databases are files."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import time

from operations import NEW_UNIT, OperationsTest, PLAN, Writer, admin, main, metrics_of, settled, statuses
from installation import Installation, REPOSITORY, SERVICES, eventually

# What docs/runbook.md promises: a backup every quarter of an hour, a restore within half an hour.
RPO_SECONDS = 15 * 60
RTO_SECONDS = 30 * 60


def events_in(file):
    """How many events a database file holds; of a copy, never of a live one."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        return database.execute("select count(*) from events").fetchone()[0]


class Backup(OperationsTest):
    """A drill: a year's data under a writer is backed up, destroyed and restored."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.enterClassContext(Installation())
        cls.backup = os.path.join(cls.city.root, "backup")
        cls.up = cls.city.run("up", "--real-clock")

    def told_backup(self):
        """When the last whole backup began, as the registry tells."""
        return metrics_of(self.city, "registry")["dondoc_backup_last_success_timestamp_seconds"]

    def test_1_copies_everything_while_it_is_written_to(self):
        self.succeeds(self.up)
        self.succeeds(self.city.dondoc("--actor", "Văn phòng", "unit", "import",
                                       os.path.join(PLAN, "units.csv")))
        self.succeeds(self.city.dondoc("--actor", "Văn phòng", "plan", "import",
                                       os.path.join(PLAN, "ke-hoach.txt"), "--id", "cchc-2023"))
        self.assertTrue(eventually(lambda: settled(self.city)))
        writer = Writer(self.city)
        writer.start()
        self.assertTrue(eventually(lambda: len(writer.written) >= 3))
        self.assertEqual(self.told_backup(), 0, "there is none yet")
        before = len(writer.written)
        type(self).copied_at = time.monotonic()
        began = int(time.time())
        out = self.succeeds(self.city.run("backup", self.backup))
        self.assertTrue(eventually(lambda: len(writer.written) >= before + 3), "nobody was held up")
        # The registry's copy is the last; what came since is what test_4 finds lost.
        copied = len(writer.written)
        self.assertTrue(eventually(lambda: len(writer.written) >= copied + 2))
        writer.stop()
        self.assertIn("Đã sao lưu", out)
        # What Prometheus is told, by a registry that ran through it.
        self.assertTrue(began <= self.told_backup() <= time.time(), self.told_backup())
        with open(os.path.join(self.backup, "manifest"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertEqual(lines[0], "dondoc-backup 1")
        copies = {line.split(" ", 1)[0]: json.loads(line.split(" ", 1)[1]) for line in lines[2:]}
        self.assertEqual(set(copies), set(SERVICES))
        for name, copy in copies.items():
            file = os.path.join(self.backup, "db", f"{name}.db")
            self.assertEqual(int(copy["sequence"]), events_in(file), name)
            self.assertIn(f"{name}:", copy["schema"])
        type(self).copies = copies
        type(self).written = writer.written

    def test_2_is_refused_where_it_would_do_harm(self):
        told = self.told_backup()
        self.refuses(self.city.run("backup", self.backup), "is there already")
        self.is_cut_short(os.path.join(self.city.root, "half"))
        self.assertEqual(self.told_backup(), told, "only a whole one counts")
        self.refuses(self.city.run("restore", self.backup), "deploy/down")
        self.refuses(self.city.run("restore", self.city.root), "no backup of Dondoc")

    def is_cut_short(self, target):
        """A backup that fails when all is copied leaves nothing."""
        programs = os.path.join(self.city.root, "programs")
        os.mkdir(programs)
        os.symlink("/bin/false", os.path.join(programs, "sha256sum"))
        path = f"{programs}:{os.environ['PATH']}"
        self.assertNotEqual(self.city.run("backup", target, PATH=path).code, 0)
        self.assertFalse(os.path.exists(target) or os.path.exists(f"{target}.partial"))

    def test_3_is_refused_when_a_byte_of_it_differs(self):
        damaged = os.path.join(self.city.root, "damaged")
        shutil.copytree(self.backup, damaged)
        with open(os.path.join(damaged, "db", "kpi.db"), "r+b") as file:
            file.seek(-100, os.SEEK_END)
            file.write(b"damaged")
        self.refuses(self.city.run("restore", damaged), "checksum")
        # Somebody who also corrects the checksums still meets the chain of hashes.
        shutil.copy(os.path.join(self.backup, "db", "kpi.db"), os.path.join(damaged, "db"))
        registry = os.path.join(damaged, "db", "registry.db")
        with sqlite3.connect(registry) as database:
            database.execute("drop trigger events_stay_as_they_are")
            database.execute("update events set actor = 'nobody' where seq = 2")
        with open(os.path.join(damaged, "SHA256SUMS"), "w", encoding="utf-8") as file:
            names = [f"./db/{name}.db" for name in SERVICES] + ["./manifest"]
            sums = subprocess.run(["sha256sum", *names], cwd=damaged, check=True, text=True,
                                  capture_output=True)
            file.write(sums.stdout)
        self.refuses(self.city.run("restore", damaged), "registry.db")

    def test_4_brings_everything_back_within_the_time(self):
        self.succeeds(self.city.run("down"))
        for folder in ("db", "nats"):
            shutil.rmtree(self.city.path(folder))
        began = time.monotonic()
        self.succeeds(self.city.run("restore", self.backup))
        self.succeeds(self.city.run("up", "--real-clock"))
        self.assertTrue(eventually(lambda: settled(self.city)), statuses(self.city))
        took = time.monotonic() - began
        self.assertLess(took, RTO_SECONDS)
        now = statuses(self.city)
        verified = [json.loads(line) for line in
                    self.succeeds(admin(self.city, "audit", "verify", "--json")).splitlines()]
        self.assertEqual(len(verified), len(SERVICES), "the chain of hashes holds in all four")
        self.assertEqual(now["registry"]["log"],
                         {key: self.copies["registry"][key] for key in ("sequence", "hash")})
        tasks = json.loads(self.succeeds(
            self.city.dondoc("task", "list", "--plan", "cchc-2023", "--json")))
        self.assertEqual(len(tasks["tasks"]), 46)
        units = json.loads(self.succeeds(self.city.dondoc("unit", "list", "--json")))["units"]
        there = {unit["name"].removeprefix("units/") for unit in units}
        lost = [(name, answered) for name, answered in self.written if name not in there]
        self.assertTrue(lost, "the drill loses something, or it shows nothing")
        for name, answered in lost:
            self.assertGreater(answered, self.copied_at, f"{name} is older than the copy")
        # So what a lost disk costs is what was written since the last copy began: as often as one begins.
        with open(os.path.join(REPOSITORY, "docs", "runbook.md"), encoding="utf-8") as file:
            every = re.search(r"\*/(\d+) \* \* \* \* root \S+/deploy/backup ", file.read())
        self.assertLessEqual(int(every.group(1)) * 60, RPO_SECONDS)
        print(f"RTO {took:.1f} s of {RTO_SECONDS} s; RPO {RPO_SECONDS} s, here {len(lost)} of "
              f"{len(self.written)} writes, all from after the copy began")

    def test_5_goes_on_afterwards(self):
        self.succeeds(self.city.dondoc("unit", "add", "to-moi", "--name", "Tổ mới (minh hoạ)",
                                       *NEW_UNIT))
        self.assertTrue(eventually(lambda: settled(self.city)), statuses(self.city))
        self.assertEqual([line["deadLetters"] for line in statuses(self.city).values()], ["0"] * 4)

    def test_6_never_overwrites_what_is_there(self):
        self.succeeds(self.city.run("down"))
        self.refuses(self.city.run("restore", self.backup), "--replace")
        out = self.succeeds(self.city.run("restore", "--replace", self.backup))
        aside = re.search(r"\S*/replaced-\S+", out).group()
        self.assertTrue(os.path.isfile(os.path.join(aside, "db", "registry.db")))
        self.assertFalse(os.path.exists(self.city.path("nats")), "the broker begins anew")

    def test_7_a_database_older_than_the_broker_publishes_nothing(self):
        """Restored by hand, with the broker's store left as it was."""
        self.succeeds(self.city.run("up", "--real-clock"))
        self.succeeds(self.city.dondoc("unit", "add", "to-khac", "--name", "Tổ khác (minh hoạ)",
                                       *NEW_UNIT))
        self.assertTrue(eventually(lambda: settled(self.city)))
        self.succeeds(self.city.run("service", "stop", "registry"))
        for file in ("registry.db", "registry.db-wal", "registry.db-shm"):
            if os.path.exists(self.city.path("db", file)):
                os.remove(self.city.path("db", file))
        shutil.copy(os.path.join(self.backup, "db", "registry.db"), self.city.path("db"))
        self.succeeds(self.city.run("service", "start", "registry"))
        self.assertTrue(eventually(
            lambda: metrics_of(self.city, "registry").get("dondoc_bus_broker_ahead_events", 0) > 0))
        # The way out: the whole backup, and a broker that begins anew.
        self.succeeds(self.city.run("down"))
        self.succeeds(self.city.run("restore", "--replace", self.backup))
        self.succeeds(self.city.run("up", "--real-clock"))
        self.assertTrue(eventually(lambda: settled(self.city)))
        self.assertEqual(metrics_of(self.city, "registry")["dondoc_bus_broker_ahead_events"], 0)


if __name__ == "__main__":
    main()
