"""deploy/containers where the databases are on PostgreSQL: an installation that was begun on files is moved
there, backed up under load, restored, and restored once more on a host that has nothing."""

import time
import unittest

from caller import LONG_PAUSES_SECONDS, Caller, Load, assert_as_of
from system import PARTS, SERVICES, System, docker, version, wait_for

PLANS = "/usr/share/dondoc/plans/cchc-2023"
FILES = "docker-compose.yml"
SERVER = "docker-compose.yml:deploy/compose.postgres.yml"
LOAD_SECONDS = 3
BACK_SECONDS = 60
# What docs/postgresql.md promises: at most this is lost, and after at most that it runs again.
RECOVERY_POINT_SECONDS = 15 * 60
RECOVERY_TIME_SECONDS = 30 * 60


class PostgresBackupTest(unittest.TestCase):
    """One system for all cases, which run in the order of their names: the life of an installation."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(System())
        cls.certificates = cls.system.certificate_folder()
        cls.system.dondoc("unit", "import", f"{PLANS}/units.csv")
        cls.system.dondoc("plan", "import", f"{PLANS}/ke-hoach.txt", "--id", "cchc-2023")
        cls.of_files = cls.certificates / "files.tar"
        cls.of_server = cls.certificates / "server.tar"

    def run_containers(self, *arguments):
        return self.system.run_script("containers", *map(str, arguments))

    def containers(self, *arguments):
        """Runs deploy/containers, which has to succeed; how many seconds it took."""
        began = time.monotonic()
        done = self.run_containers(*arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return time.monotonic() - began

    def refuses(self, reason, *arguments):
        """deploy/containers does not do this, and says why."""
        done = self.run_containers(*arguments)
        self.assertNotEqual(done.returncode, 0, arguments)
        self.assertIn(reason, done.stderr)

    def caller(self):
        return Caller(self.system.port, self.certificates)

    def audit(self):
        """Walks the chain of hashes of every log; the last sequence of each."""
        return [self.system.compose("exec", "-T", service, "dondoc-admin", "--json", "audit", "verify",
                                    "--service", service) for service in SERVICES]

    def ask_postgres(self, statement):
        return self.system.compose("exec", "-T", "postgres", "psql", "-At", "-h", "/tmp", "-U", "postgres",
                                   "-c", statement).split()

    def test_1_an_installation_on_files_is_moved_by_one_command(self):
        with self.caller() as caller:
            before = caller.add_unit()
            self.system.settings["COMPOSE_FILE"] = SERVER
            self.system.parts = ("postgres", *PARTS)
            self.refuses("COMPOSE_FILE", "backup", self.certificates / "too-early.tar")
            self.refuses_without_the_image_of_the_server()
            self.containers("migrate", self.of_files)
            self.system.wait_until_healthy()
            self.assertEqual(self.system.tasks(), 46)
            self.assertEqual(caller.get_unit(before, LONG_PAUSES_SECONDS).name, before)
            caller.add_unit()
        self.audit()
        self.assertGreater(self.of_files.stat().st_size, 0)
        # Nobody starts a service on the files any more, and nobody moves them twice.
        self.system.compose("run", "--rm", "--no-deps", "-T", "operator", "bash", "-c",
                            "! ls /data/*/*.db && ls /data/registry/moved-*/registry.db")
        self.refuses("PostgreSQL", "migrate", self.certificates / "twice.tar")
        self.assertEqual(self.ask_postgres("select datname from pg_database where datname like '%replaced%'"), [])

    def refuses_without_the_image_of_the_server(self):
        """Before anything is written or stopped."""
        alone = f"{version()}-alone"
        docker("tag", f"dondoc/programs:{version()}", f"dondoc/programs:{alone}")
        self.addCleanup(docker, "rmi", f"dondoc/programs:{alone}")
        self.system.settings["DONDOC_VERSION"] = alone
        self.refuses(f"dondoc/postgres:{alone}", "migrate", self.of_files)
        self.system.settings["DONDOC_VERSION"] = version()
        self.assertFalse(self.of_files.exists())

    def test_2_a_backup_under_load_brings_back_what_was_written_before_it(self):
        with self.caller() as caller:
            before = caller.add_unit()
            with Load(self.system.port, self.certificates) as load:
                time.sleep(LOAD_SECONDS)
                seconds = self.containers("backup", self.of_server)
            self.assertEqual(load.failed, [])
            self.assertLess(seconds, RECOVERY_POINT_SECONDS)
            after = caller.add_unit()

            damaged = self.certificates / "damaged.tar"
            whole = self.of_server.read_bytes()
            damaged.write_bytes(whole[:len(whole) // 2])
            self.refuses("dữ liệu cũ còn nguyên", "restore", "--replace", damaged)
            # What is there is not overwritten by mistake, and a backup of files is none of a server.
            self.refuses("--replace", "restore", self.of_server)
            self.refuses("migrate", "restore", "--replace", self.of_files)
            self.system.wait_until_healthy()
            self.assertEqual(caller.get_unit(after, LONG_PAUSES_SECONDS).name, after)

            seconds = self.containers("restore", "--replace", self.of_server)
            self.assertLess(seconds, RECOVERY_TIME_SECONDS)
            self.system.wait_until_healthy()
            assert_as_of(self, caller, before, after, load.written)
        wait_for("the broker, which began anew, was told everything", lambda: all(
            self.system.metric(service, "dondoc_bus_unpublished_events") == 0 for service in SERVICES),
            BACK_SECONDS)
        self.audit()
        # What was replaced is kept, once for each service, out of the services' reach.
        kept = self.ask_postgres("select datname from pg_database where datname like '%replaced%'")
        self.assertEqual(sorted(name.partition("_")[0] for name in kept), sorted(SERVICES))

    def test_3_who_forgets_the_overlay_copies_no_stale_files(self):
        self.system.settings["COMPOSE_FILE"] = FILES
        try:
            self.refuses("COMPOSE_FILE", "backup", self.certificates / "stale.tar")
            self.refuses("COMPOSE_FILE", "restore", "--replace", self.of_files)
        finally:
            self.system.settings["COMPOSE_FILE"] = SERVER
        self.assertFalse((self.certificates / "stale.tar").exists())

    def test_4_a_host_that_has_nothing_runs_again_from_the_backup(self):
        self.system.compose("down", "-v", "--remove-orphans")
        seconds = self.containers("restore", self.of_server)
        self.system.wait_until_healthy()
        print(f"\n  restored on an empty host in {seconds:.0f} s")
        self.assertLess(seconds, RECOVERY_TIME_SECONDS)
        # The keys are new ones, as deploy/README.md says; what was granted stands in the databases.
        self.certificates = self.system.certificate_folder()
        self.assertEqual(self.system.tasks(), 46)
        with self.caller() as caller:
            caller.add_unit(LONG_PAUSES_SECONDS)
        self.audit()
        wait_for("the listeners hear the registry again", lambda: all(
            self.system.metric(service, "dondoc_bus_lag_events") == 0
            and self.system.metric(service, "dondoc_bus_applied_total", "registry") > 0
            for service in SERVICES[1:]), BACK_SECONDS)

    def test_5_the_keys_may_be_brought_along(self):
        certificate = (self.certificates / "certificate.pem").read_text(encoding="ascii")
        keys = ("run", "--rm", "-T", "keys")
        carried = self.system.run_compose(*keys, "bash", "-c", "tar -c *")
        self.assertEqual(carried.returncode, 0, carried.stderr)
        self.system.compose("down", "-v", "--remove-orphans")
        placed = self.system.run_compose(*keys, "tar", "-x", "--no-overwrite-dir", stdin=carried.stdout)
        self.assertEqual(placed.returncode, 0, placed.stderr)
        self.system.compose("run", "--rm", "-T", "secrets")
        folder = self.system.certificate_folder()
        self.assertEqual((folder / "certificate.pem").read_text(encoding="ascii"), certificate)


if __name__ == "__main__":
    unittest.main()
