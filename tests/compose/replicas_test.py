"""deploy/compose.postgres.yml: two replicas of each service on PostgreSQL, and one of them killed."""

import time
import unittest

from caller import Caller, Load
from system import PARTS, SERVICES, System, docker, wait_for

PLANS = "/usr/share/dondoc/plans/cchc-2023"
LOAD_SECONDS = 3
# The replica that stood by is on duty, and everything well again, within this.
BACK_SECONDS = 90


class ReplicasTest(unittest.TestCase):
    """One system for all cases, which run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(
            System(["compose.postgres.yml"], ("postgres", *PARTS)))
        cls.certificates = cls.system.certificate_folder()
        cls.system.dondoc("unit", "import", f"{PLANS}/units.csv")
        cls.system.dondoc("plan", "import", f"{PLANS}/ke-hoach.txt", "--id", "cchc-2023")

    def both_are_well(self, service):
        states = [self.system.state(container) for container in self.system.containers(service)]
        return len(states) == 2 and all(
            state["Running"] and state["Health"]["Status"] == "healthy" for state in states)

    def test_1_each_service_has_two_replicas_and_one_plan(self):
        for service in SERVICES:
            wait_for(f"two of {service} are well", lambda: self.both_are_well(service),
                     BACK_SECONDS)
        self.assertEqual(self.system.tasks(), 46)
        wait_for("kpi has heard of it", lambda: self.system.ask(
            "kpi", "board", "--plan", "cchc-2023").get("rows"), BACK_SECONDS)

    def test_2_no_call_fails_after_retries_when_a_replica_is_killed(self):
        for victim in self.system.containers("registry"):
            with self.subTest(victim):
                with Load(self.system.port, self.certificates) as load:
                    time.sleep(LOAD_SECONDS)
                    # An operator's kill: it stays away.
                    docker("kill", victim)
                    time.sleep(3 * LOAD_SECONDS)
                    docker("start", victim)
                    wait_for("both are well", lambda: self.both_are_well("registry"), BACK_SECONDS)
                self.assertEqual(load.failed, [])
                self.assertGreater(len(load.written), 50)
                with Caller(self.system.port, self.certificates) as caller:
                    for name in load.written[-20:]:
                        self.assertEqual(caller.get_unit(name).name, name)

    def test_3_a_service_reaches_no_database_but_its_own(self):
        def connect(database):
            return self.system.run_compose(
                "exec", "-T", "postgres", "bash", "-c",
                f"PGPASSWORD=$(cat /secrets/postgres/kpi-password) psql -At -h postgres -U kpi"
                f" -d {database} -c 'select 1'").returncode

        self.assertEqual(connect("kpi"), 0)
        for database in ("registry", "postgres"):
            self.assertNotEqual(connect(database), 0, database)

    def test_4_everything_goes_on_when_the_database_was_killed(self):
        before = self.system.tasks()
        self.system.crash("postgres")
        wait_for("the database is well", lambda: self.system.healthy("postgres"), BACK_SECONDS)
        wait_for("a caller sees all tasks", lambda: self.system.tasks() == before, BACK_SECONDS)
        with Caller(self.system.port, self.certificates) as caller:
            self.assertTrue(caller.add_unit())


if __name__ == "__main__":
    unittest.main()
