"""deploy/backup and deploy/restore where the databases are on a server, and what is told while it is away."""

import json
import math
import os
import shutil

from operations import (NEW_UNIT, OperationsTest, PLAN, Writer, admin, main, metrics_of, probe, settled,
                        statuses)
from installation import Installation, SERVICES, eventually, is_free
from postgres import Postgres


class BackupOnPostgres(OperationsTest):
    """The same drill where the databases are on a server."""

    @classmethod
    def setUpClass(cls):
        port = next(port for port in range(9_900, 10_000) if is_free(port))
        cls.server = cls.enterClassContext(Postgres(port))
        if not eventually(cls.server.ready):
            raise RuntimeError("PostgreSQL does not come up")
        cls.city = cls.enterClassContext(Installation())
        cls.backup = os.path.join(cls.city.root, "backup")
        os.makedirs(cls.city.data)
        for name in SERVICES:
            cls.server.run(f"create database {name}")
            with open(cls.city.path(f"{name}.conf"), "w", encoding="utf-8") as file:
                file.write(f"database = {cls.server.url(name)}\n")
        cls.up = cls.city.run("up", "--real-clock")

    def test_1_copies_everything_while_it_is_written_to(self):
        self.succeeds(self.up)
        self.succeeds(self.city.dondoc("--actor", "Văn phòng", "unit", "import",
                                       os.path.join(PLAN, "units.csv")))
        self.assertTrue(eventually(lambda: settled(self.city)), statuses(self.city))
        writer = Writer(self.city)
        writer.start()
        self.assertTrue(eventually(lambda: len(writer.written) >= 2))
        self.succeeds(self.city.run("backup", self.backup))
        writer.stop()
        self.assertGreater(metrics_of(self.city, "registry")["dondoc_backup_last_success_timestamp_seconds"], 0)
        with open(os.path.join(self.backup, "manifest"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        copies = {line.split(" ", 1)[0]: json.loads(line.split(" ", 1)[1]) for line in lines[2:]}
        self.assertEqual(set(copies), set(SERVICES))
        self.assertGreater(int(copies["registry"]["sequence"]), 2)
        type(self).copies = copies

    def test_2_is_refused_where_it_would_do_harm(self):
        self.succeeds(self.city.run("down"))
        self.refuses(self.city.run("restore", "--replace", self.backup), "is not empty")
        damaged = os.path.join(self.city.root, "damaged")
        shutil.copytree(self.backup, damaged)
        with open(os.path.join(damaged, "db", "kpi.dump"), "r+b") as file:
            file.write(b"damaged")
        self.refuses(self.city.run("restore", "--replace", damaged), "checksum")

    def test_3_brings_everything_back(self):
        for name in SERVICES:
            self.server.run(f"drop database {name}")
            self.server.run(f"create database {name}")
        self.succeeds(self.city.run("restore", "--replace", self.backup))
        self.succeeds(self.city.run("up", "--real-clock"))
        self.assertTrue(eventually(lambda: settled(self.city)), statuses(self.city))
        now = statuses(self.city)
        for name in SERVICES:
            self.assertGreaterEqual(int(now[name]["log"]["sequence"]),
                                    int(self.copies[name]["sequence"]), name)
        self.succeeds(admin(self.city, "audit", "verify", "--json"))
        self.assertEqual([line["deadLetters"] for line in now.values()], ["0"] * 4)
        self.succeeds(self.city.dondoc("unit", "add", "to-moi", "--name", "Tổ mới (minh hoạ)",
                                       *NEW_UNIT))
        self.assertTrue(eventually(lambda: settled(self.city)), statuses(self.city))

    def test_4_operators_are_told_that_the_server_is_away(self):
        def told(duty, store):
            return all(
                (now.get("dondoc_duty_on"), now.get("dondoc_store_reachable")) == (duty, store)
                for now in (metrics_of(self.city, name) for name in SERVICES))

        self.assertTrue(eventually(lambda: told(1, 1)))
        self.assertTrue(eventually(lambda: probe(self.city, "notification").code == 0))
        pids = self.city.pids()
        self.server.stop()
        self.assertTrue(eventually(lambda: told(0, 0)))
        for figure in ("timers_behind_seconds", "deliveries_waiting", "deliveries_dead"):
            value = metrics_of(self.city, "notification")[f"dondoc_notification_{figure}"]
            self.assertTrue(math.isnan(value), f"{figure} is {value}")
        self.refuses(probe(self.city, "notification"), "the database takes no writes")
        self.server.start()
        self.assertTrue(eventually(lambda: told(1, 1)))
        self.assertTrue(eventually(lambda: probe(self.city, "notification").code == 0))
        self.assertEqual(self.city.pids(), pids, "nobody had to start them anew")


if __name__ == "__main__":
    main()
