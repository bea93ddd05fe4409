"""deploy/install-systemd on a server whose process 1 is systemd: a container that is one. Run by
tests/compose/run, and by tests/compose/run --programs.
"""

import os
import subprocess
import unittest

from system import REPOSITORY, SERVICES, docker, wait_for

# Made by tests/compose/run from tests/compose/server.Dockerfile.
SERVER = "dondoc-test/server"
UNITS = ("dondoc-nats", "dondoc-redis", *(f"dondoc@{name}" for name in SERVICES))
PLANS = f"{REPOSITORY}/deploy/plans/cchc-2023"
# What systemd and its sandboxes need. Not --privileged: that asks for more than a container which the
# tests themselves run in may have.
RIGHTS = ("--cap-add", "SYS_ADMIN", "--cap-add", "SYS_PTRACE", "--security-opt", "seccomp=unconfined",
          "--security-opt", "apparmor=unconfined", "--security-opt", "systempaths=unconfined")
# Two busy cores start everything within this.
READY_SECONDS = 120


class Server:
    """The container; gone, with its control group, when the context ends."""

    def __init__(self):
        self.name = f"dondoc-test-server-{os.getpid()}"

    def __enter__(self):
        self.start()
        try:
            self.wait_until_up()
        except BaseException:
            print(docker("logs", self.name))
            self.remove()
            raise
        return self

    def start(self):
        """Starts it; skips the test where the machine itself may not give such rights away."""
        try:
            docker("run", "-d", "--name", self.name, *RIGHTS, "--cgroupns", "private", "--network", "none",
                   "--tmpfs", "/run", "--tmpfs", "/tmp", "-e", "container=docker",
                   "-e", f"BOOT_GROUP={self.name}", "-v", f"{REPOSITORY}:{REPOSITORY}:ro", SERVER)
        except AssertionError as failed:
            subprocess.run(("docker", "rm", "-f", "-v", self.name), capture_output=True, check=False)
            if "operation not permitted" in str(failed):
                raise unittest.SkipTest("this machine may not give a container the rights of systemd") from failed
            raise

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        """Ends it and takes away what it leaves."""
        docker("rm", "-f", "-v", self.name)
        docker("run", "--rm", *RIGHTS, "-e", f"BOOT_GROUP={self.name}", SERVER, "boot", "remove")

    def run(self, *words):
        """Runs a command in it to its end, whatever the end is."""
        return subprocess.run(("docker", "exec", "-e", "DONDOC_BUILD=/built", self.name, *words),
                              text=True, capture_output=True, check=False, timeout=READY_SECONDS)

    def prints(self, *words):
        """What a command says that has to succeed."""
        done = self.run(*words)
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.stdout}{done.stderr}{self.journal()}")
        return done.stdout

    def journal(self):
        """What the units said last."""
        return self.run("journalctl", "--no-pager", "-n", "40", "-u", "dondoc*").stdout

    def shows(self, unit, key):
        """A property of a unit."""
        return self.prints("systemctl", "show", "-P", key, unit).strip()

    def wait_until_up(self):
        """The machine has started, whatever became of its units."""
        wait_for("systemd is up", lambda: self.run("systemctl", "is-system-running").stdout.strip()
                 in ("running", "degraded"), READY_SECONDS)

    def wait_until_well(self):
        """Every unit runs and every service answers."""
        for unit in UNITS:
            wait_for(f"{unit} runs", lambda unit=unit: self.shows(unit, "ActiveState") == "active",
                     READY_SECONDS)
        wait_for("every service answers",
                 lambda: self.run("/opt/dondoc/bin/dondoc", "status").returncode == 0, READY_SECONDS)

    def tasks(self):
        """How many tasks of the example plan a caller sees."""
        return self.run("/opt/dondoc/bin/dondoc", "task", "list", "--plan", "cchc-2023",
                        "--json").stdout.count('"productText"')


class SystemdTest(unittest.TestCase):
    """One server, in the order of its life."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(Server())

    def files_max(self, process):
        """How many files a process may open at most."""
        for line in self.server.prints("cat", f"/proc/{process}/limits").splitlines():
            if line.startswith("Max open files"):
                return int(line.split()[4])
        raise AssertionError(f"no limit of files for process {process}")

    def test_1_one_command_installs_and_starts_everything(self):
        self.server.prints(f"{REPOSITORY}/deploy/up", "--systemd")
        self.server.wait_until_well()
        self.assertEqual(self.server.shows("dondoc.target", "ActiveState"), "active")

    def test_2_the_hardening_holds_and_lets_everybody_work(self):
        self.server.prints("/opt/dondoc/bin/dondoc", "unit", "import", f"{PLANS}/units.csv")
        self.server.prints("/opt/dondoc/bin/dondoc", "plan", "import", "--id", "cchc-2023",
                           f"{PLANS}/ke-hoach.txt")
        self.assertEqual(self.server.tasks(), 46)
        # Through NATS.
        wait_for("kpi knows the plan's targets",
                 lambda: "100" in self.server.prints("/opt/dondoc/bin/dondoc", "kpi", "list", "--json"), 60)
        for unit in UNITS:
            status = self.server.prints("cat", f"/proc/{self.server.shows(unit, 'MainPID')}/status")
            fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
            self.assertEqual(fields["NoNewPrivs"], "1", unit)
            # A filter of system calls, and no capability at all.
            self.assertEqual(fields["Seccomp"], "2", unit)
            for kind in ("CapPrm", "CapEff", "CapBnd", "CapAmb"):
                self.assertEqual(int(fields[kind], 16), 0, f"{unit} {kind}")
            self.assertNotEqual(fields["Uid"].split()[0], "0", unit)
            # The container may be held to less than the unit asks for.
            self.assertEqual(self.files_max(self.server.shows(unit, "MainPID")),
                             min(int(self.server.shows(unit, "LimitNOFILE")), self.files_max(1)), unit)
        # Nobody but the unit sees what is secret, nor writes into what belongs to another.
        self.assertNotEqual(self.server.run("runuser", "-u", "dondoc", "--", "cat",
                                            "/etc/dondoc/secrets/redis-password").returncode, 0)

    def test_3_whatever_is_killed_comes_back(self):
        for unit in UNITS:
            with self.subTest(unit):
                before = self.server.shows(unit, "MainPID")
                self.server.prints("systemctl", "kill", "-s", "KILL", unit)
                wait_for(f"{unit} was started again", lambda unit=unit, before=before:
                         self.server.shows(unit, "MainPID") not in ("0", before), READY_SECONDS)
        self.server.wait_until_well()
        self.assertEqual(self.server.tasks(), 46)

    def test_4_everything_starts_with_the_machine(self):
        docker("restart", "-t", "60", self.server.name)
        self.server.wait_until_up()
        self.server.wait_until_well()
        self.assertEqual(self.server.tasks(), 46)

    def test_5_an_upgrade_starts_the_new_programs_on_the_old_data(self):
        before = {unit: self.server.shows(unit, "MainPID") for unit in UNITS}
        password = self.server.prints("cat", "/etc/dondoc/secrets/redis-password")
        self.server.prints(f"{REPOSITORY}/deploy/install-systemd")
        self.server.wait_until_well()
        for unit in UNITS:
            self.assertNotEqual(self.server.shows(unit, "MainPID"), before[unit], unit)
        self.assertEqual(self.server.prints("cat", "/etc/dondoc/secrets/redis-password"), password)
        self.assertEqual(self.server.tasks(), 46)

    def test_6_it_stops_in_order(self):
        self.server.prints("systemctl", "stop", "dondoc.target")
        for unit in UNITS:
            wait_for(f"{unit} has ended, and not failed", lambda unit=unit:
                     self.server.shows(unit, "ActiveState") == "inactive", READY_SECONDS)

    def test_7_it_goes_and_leaves_settings_and_data(self):
        self.server.prints(f"{REPOSITORY}/deploy/install-systemd", "--uninstall")
        self.assertEqual(self.server.prints("systemctl", "list-units", "--all", "--plain", "--no-legend",
                                            "dondoc*"), "")
        self.assertEqual(self.server.run("pgrep", "-u", "dondoc").stdout, "")
        self.server.prints("test", "-s", "/var/lib/dondoc/registry/registry.db")
        self.server.prints("test", "-s", "/etc/dondoc/registry.conf")


if __name__ == "__main__":
    unittest.main()
