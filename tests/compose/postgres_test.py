"""deploy/compose.postgres.yml: the services on PostgreSQL, which is killed under load."""

import time
import unittest

from caller import Caller, Load
from system import PARTS, SERVICES, System, wait_for

PLANS = "/usr/share/dondoc/plans/cchc-2023"
LOAD_SECONDS = 3
BACK_SECONDS = 60
# What a caller that waits for the database tries.
LONG_PAUSES_SECONDS = (1,) * 12


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


if __name__ == "__main__":
    unittest.main()
