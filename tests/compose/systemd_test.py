"""deploy/install-systemd on a server whose process 1 is systemd: a container that is one. Run by
tests/compose/run, and by tests/compose/run --programs.
"""

import contextlib
import os
import sqlite3
import subprocess
import tempfile
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
TLS = "/etc/dondoc/tls"
# An authority, and certificates of it for the services and for another system, as an office has them made.
MAKE_TLS = rf"""
set -e
mkdir {TLS}
cd {TLS}
key() {{ openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $1; }}
key ca.key
openssl req -x509 -new -key ca.key -subj "/CN=co quan thu" -days 2 -out ca.pem
for name in may-chu he-thong; do
  key $name.key
  openssl req -new -key $name.key -subj /CN=$name -out $name.csr
  openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -set_serial 0x$(openssl rand -hex 16) -days 2 \
    -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n') -out $name.pem
done
chgrp dondoc may-chu.key
chmod 640 may-chu.key
for service in {" ".join(SERVICES)}; do
  printf '%s\n' 'tls_certificate = {TLS}/may-chu.pem' 'tls_key = {TLS}/may-chu.key' \
    'tls_client_ca = {TLS}/ca.pem' 'edge_name =' 'operators = may-chu' >> /etc/dondoc/$service.conf
done
"""


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

    def says_to_nats(self, user, *lines):
        """What the broker answers to these lines of its protocol, from a user with the password of that user; from
        nobody, where there is none."""
        connect = '{"verbose":false}'
        if user:
            password = self.server.prints("cat", f"/etc/dondoc/secrets/{user}-nats-password").strip()
            connect = f'{{"verbose":false,"user":"{user}","pass":"{password}"}}'
        words = "\\r\\n".join((f"CONNECT {connect}", *lines, "PING", ""))
        return self.server.prints(
            "bash", "-c", f"exec 3<> /dev/tcp/127.0.0.1/7400; printf '{words}' >&3;"
            " while read -r -t 5 -u 3 line; do echo \"$line\"; [[ $line != PONG* && $line != -ERR*Auth* ]] || break; done")

    def test_2_the_broker_holds_each_service_to_what_is_its_own(self):
        self.assertIn("Authorization Violation", self.says_to_nats(None))
        own = self.says_to_nats("kpi", "PUB $JS.API.STREAM.INFO.DONDOC 0", "")
        self.assertIn("PONG", own)
        self.assertNotIn("-ERR", own)
        for subject in ("$JS.API.CONSUMER.DELETE.DONDOC.inspection-from-registry",
                        "$JS.API.STREAM.DELETE.DONDOC", "$JS.API.STREAM.UPDATE.DONDOC",
                        "dondoc.registry.unit.added"):
            self.assertIn("Permissions Violation", self.says_to_nats("kpi", f"PUB {subject} 0", ""), subject)
        self.assertIn("Permissions Violation", self.says_to_nats("kpi", "SUB dondoc.registry.> 1"))

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

    def copies(self):
        """The backups that are kept, the oldest first."""
        return self.server.prints("ls", "/var/backups/dondoc").split()

    def told_backup(self):
        """When the last whole backup began, as the registry tells Prometheus."""
        page = self.server.prints("bash", "-c", "exec 3<> /dev/tcp/127.0.0.1/7421;"
                                  " printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3")
        return float(next(line.split()[1] for line in page.splitlines()
                          if line.startswith("dondoc_backup_last_success_timestamp_seconds ")))

    def test_6_a_backup_brings_back_what_the_disk_lost(self):
        self.assertEqual(self.server.shows("dondoc-backup.timer", "ActiveState"), "active")
        # Two that another hand put there stay; of ours the newest are kept.
        self.server.prints("mkdir", "/var/backups/dondoc/mine", "/var/backups/dondoc/20200101T000000")
        began = int(self.server.prints("date", "+%s"))
        self.server.prints("systemctl", "start", "dondoc-backup")
        self.assertGreaterEqual(self.told_backup(), began)
        self.assertEqual(self.copies()[0], "20200101T000000")
        # One of its own would come in between.
        self.server.prints("systemctl", "stop", "dondoc-backup.timer")
        self.server.prints("runuser", "-u", "dondoc", "--", "/opt/dondoc/lib/backup", "--systemd", "--keep", "1",
                           "/var/backups/dondoc")
        newest, mine = self.copies()
        self.assertEqual(mine, "mine")
        backup = f"/var/backups/dondoc/{newest}"
        self.server.prints("/opt/dondoc/bin/dondoc", "plan", "import", "--id", "later", f"{PLANS}/ke-hoach.txt")

        refused = self.server.run("/opt/dondoc/lib/restore", "--systemd", "--replace", backup)
        self.assertIn("systemctl stop", refused.stderr)
        self.server.prints("systemctl", "stop", "dondoc.target")
        self.assertIn("--replace", self.server.run("/opt/dondoc/lib/restore", "--systemd", backup).stderr)
        self.server.prints("bash", "-c", "rm -rf /var/lib/dondoc/*/*")
        self.server.prints("/opt/dondoc/lib/restore", "--systemd", backup)
        self.server.prints("systemctl", "start", "dondoc.target")
        self.server.wait_until_well()
        self.assertEqual(self.server.tasks(), 46)
        self.assertNotIn("later", self.server.prints("/opt/dondoc/bin/dondoc", "plan", "list"))
        # Once more over what is there, which is kept.
        self.server.prints("systemctl", "stop", "dondoc.target")
        self.server.prints("/opt/dondoc/lib/restore", "--systemd", "--replace", backup)
        self.server.prints("bash", "-c", "test -s /var/lib/dondoc/replaced-*/registry/registry.db")
        self.server.prints("systemctl", "start", "dondoc.target")
        self.server.wait_until_well()
        wait_for("kpi hears the registry through a broker that began anew",
                 lambda: "100" in self.server.prints("/opt/dondoc/bin/dondoc", "kpi", "list", "--json"), 60)

    def add_a_step(self):
        """Has the registry's database made with a step that no program here knows."""
        file = "/var/lib/dondoc/registry/registry.db"
        self.server.prints("systemctl", "stop", "dondoc@registry")
        with tempfile.TemporaryDirectory() as folder:
            docker("cp", f"{self.server.name}:{file}", f"{folder}/registry.db")
            with contextlib.closing(sqlite3.connect(f"{folder}/registry.db")) as database:
                database.execute("insert into schema_steps values ('registry', 999, 'of the next build')")
                database.commit()
            docker("cp", f"{folder}/registry.db", f"{self.server.name}:{file}")
        self.server.prints("chown", "dondoc:dondoc", file)

    def test_6_the_way_back_from_an_upgrade_that_added_a_step(self):
        self.server.prints("systemctl", "start", "dondoc-backup")
        backup = f"/var/backups/dondoc/{[copy for copy in self.copies() if copy[0] == '2'][-1]}"
        self.add_a_step()
        self.server.prints("systemctl", "start", "dondoc@registry")
        wait_for("the registry says why it does not start", lambda: "the database is newer than this program"
                 in self.server.run("journalctl", "--no-pager", "-u", "dondoc@registry").stdout, READY_SECONDS)
        # As docs/runbook.md says.
        self.server.prints("systemctl", "stop", "dondoc.target", "dondoc*")
        self.server.prints(f"{REPOSITORY}/deploy/install-systemd", "--no-start")
        self.server.prints("systemctl", "daemon-reload")
        self.server.prints("/opt/dondoc/lib/restore", "--systemd", "--replace", backup)
        self.server.prints("systemctl", "start", "dondoc.target")
        self.server.wait_until_well()
        self.assertEqual(self.server.tasks(), 46)
        self.assertEqual(self.server.shows("dondoc-backup.timer", "ActiveState"), "active")

    def speak_tls(self, name, program, *words):
        """Runs a program with the certificate of somebody."""
        return self.server.run(f"/opt/dondoc/bin/{program}", "--tls-ca", f"{TLS}/ca.pem", "--tls-certificate",
                               f"{TLS}/{name}.pem", "--tls-key", f"{TLS}/{name}.key", *words)

    def test_6_with_certificates_services_ask_who_calls(self):
        self.server.prints("bash", "-c", MAKE_TLS)
        self.server.prints("systemctl", "restart", *(f"dondoc@{service}" for service in SERVICES))
        tasks = ("task", "list", "--plan", "cchc-2023", "--json")
        wait_for("a stranger is told that nobody let them in", lambda: "NO_GRANT" in self.speak_tls(
            "he-thong", "dondoc", *tasks).stderr, READY_SECONDS)
        self.assertNotEqual(self.server.run("/opt/dondoc/bin/dondoc", *tasks).returncode, 0)
        # Operators show the certificate of the service itself.
        self.assertNotEqual(self.speak_tls("he-thong", "dondoc-admin", "first-office", "system:he-thong").returncode, 0)
        done = self.speak_tls("may-chu", "dondoc-admin", "first-office", "system:he-thong")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.speak_tls("he-thong", "dondoc", *tasks).stdout.count('"productText"'), 46)
        # By events: the broker is reached as before.
        wait_for("every service knows the grant", lambda: self.speak_tls(
            "he-thong", "dondoc", "kpi", "list").returncode == 0, 60)
        for unit in UNITS:
            self.assertEqual(self.server.shows(unit, "ActiveState"), "active", unit)

    def test_7_it_stops_in_order(self):
        self.server.prints("systemctl", "stop", "dondoc.target")
        for unit in UNITS:
            wait_for(f"{unit} has ended, and not failed", lambda unit=unit:
                     self.server.shows(unit, "ActiveState") == "inactive", READY_SECONDS)

    def test_8_it_goes_and_leaves_settings_and_data(self):
        self.server.prints(f"{REPOSITORY}/deploy/install-systemd", "--uninstall")
        self.assertEqual(self.server.prints("systemctl", "list-units", "--all", "--plain", "--no-legend",
                                            "dondoc*"), "")
        self.assertEqual(self.server.run("pgrep", "-u", "dondoc").stdout, "")
        self.server.prints("test", "-s", "/var/lib/dondoc/registry/registry.db")
        self.server.prints("test", "-s", "/etc/dondoc/registry.conf")


if __name__ == "__main__":
    unittest.main()
