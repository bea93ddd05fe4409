"""deploy/install-systemd: what it installs, and that each unit's program runs as its user with its settings.

No systemd runs here as process 1, so the units are checked by systemd-analyze, and the command lines of
their ExecStart are started by hand: as the user, in the folder and with the credentials that the unit
says. Run by ctest, or by hand, as root: DONDOC_BUILD=build/dev tests/deploy/systemd_test.py
"""

import glob
import os
import pwd
import re
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from installation import REPOSITORY, SERVICES, eventually, free_block  # noqa: E402

INSTALL = os.path.join(REPOSITORY, "deploy", "install-systemd")
# Someone without rights who is there on every Debian.
USER = "daemon"
UNITS = ("dondoc-nats", "dondoc-redis", *(f"dondoc@{name}" for name in SERVICES))
# In tenths, as systemd-analyze counts: 9.6 is a unit without any hardening, 2.0 our limit.
EXPOSURE_MAX = 20


def answers(port):
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@unittest.skipUnless(os.geteuid() == 0, "installs users and folders: needs root")
class Systemd(unittest.TestCase):
    """One installation in a folder of its own, in the order of its life."""

    @classmethod
    def setUpClass(cls):
        cls.root = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="dondoc-systemd-"))
        os.chmod(cls.root, 0o755)
        cls.port = free_block()
        cls.environment = {
            **os.environ, "DONDOC_PROGRAMS": cls.at("opt"), "DONDOC_SETTINGS": cls.at("etc"),
            "DONDOC_DATA": cls.at("var"), "DONDOC_UNITS": cls.at("units"), "DONDOC_USER": USER,
            "DONDOC_PORTS": str(cls.port)}
        cls.started = []

    @classmethod
    def tearDownClass(cls):
        for process in cls.started:
            process.kill()
            process.wait()

    @classmethod
    def at(cls, *parts):
        """A path of this installation."""
        return os.path.join(cls.root, *parts)

    def install(self, *words, **environment):
        """Runs deploy/install-systemd."""
        return subprocess.run([INSTALL, *words], env={**self.environment, **environment}, text=True,
                              capture_output=True, check=False)

    def installs(self):
        """The same, which has to succeed."""
        done = self.install("--no-start")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def contents(self):
        """Every file of settings and data with what is in it."""
        files = {}
        for path in glob.glob(self.at("etc", "**"), recursive=True):
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    files[path] = file.read()
        return files

    def unit(self, name):
        """The lines of a unit and of what is dropped in beside it, with its specifiers filled in."""
        template, _, instance = name.partition("@")
        file = f"{template}@.service" if instance else f"{name}.service"
        lines = []
        for path in [self.at("units", file), *glob.glob(self.at("units", f"{name}.service.d", "*.conf"))]:
            with open(path, encoding="utf-8") as text:
                lines += [line.strip() for line in text]
        lines = [line.replace("%i", instance).replace("%d", self.at("credentials", name))
                 for line in lines]
        return [tuple(line.split("=", 1)) for line in lines if "=" in line and line[0] != "#"]

    def values(self, name, key):
        """What a unit says for a key; an empty value forgets those before it, as in systemd."""
        found = []
        for each, value in self.unit(name):
            if each == key:
                found = found + [value] if value else []
        return found

    def start(self, name):
        """Does what systemd does with the unit, as far as it can be done by hand."""
        user = pwd.getpwnam(self.values(name, "User")[0])
        credentials = self.at("credentials", name)
        os.makedirs(credentials, exist_ok=True)
        for line in self.values(name, "LoadCredential"):
            identity, source = line.split(":", 1)
            copy = os.path.join(credentials, identity)
            shutil.copyfile(source, copy)
            os.chown(copy, user.pw_uid, user.pw_gid)
            os.chmod(copy, 0o400)
        log = open(self.at(f"{name}.log"), "ab")  # the process keeps it
        process = subprocess.Popen(
            shlex.split(self.values(name, "ExecStart")[-1]), user=user.pw_uid, group=user.pw_gid,
            extra_groups=[], cwd=self.values(name, "WorkingDirectory")[0], umask=0o077,
            env={"PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        self.started.append(process)
        return process

    def log(self, name):
        """What a unit's program has written."""
        with open(self.at(f"{name}.log"), encoding="utf-8") as file:
            return file.read()

    def start_all(self):
        """Starts every unit and waits until each port answers."""
        order = ("nats", "registry", "kpi", "inspection", "notification", "redis")
        processes = [self.start(name) for name in UNITS]
        for name in UNITS:
            port = self.port + order.index(re.split("[-@]", name)[1])
            self.assertTrue(eventually(lambda at=port: answers(at)), f"{name}: {self.log(name)}")
        return processes

    def dondoc(self, *words):
        """Runs the installed client."""
        services = ("registry", "kpi", "inspection", "notification")
        addresses = [f"--{name}=127.0.0.1:{self.port + 1 + i}" for i, name in enumerate(services)]
        done = subprocess.run([self.at("opt", "bin", "dondoc"), *addresses, *words], text=True,
                              capture_output=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_1_installs_everything_with_the_rights_it_needs(self):
        self.installs()
        for name in SERVICES:
            self.assertTrue(os.access(self.at("opt", "bin", f"dondoc-{name}"), os.X_OK))
            folder = os.stat(self.at("var", name))
            self.assertEqual(folder.st_uid, pwd.getpwnam(USER).pw_uid)
            self.assertEqual(stat.S_IMODE(folder.st_mode), 0o700)
            with open(self.at("etc", f"{name}.conf"), encoding="utf-8") as file:
                self.assertIn("reflection = false\n", file.readlines())
        self.assertEqual(stat.S_IMODE(os.stat(self.at("etc", "secrets")).st_mode), 0o700)
        for secret in glob.glob(self.at("etc", "secrets", "*")):
            self.assertEqual(stat.S_IMODE(os.stat(secret).st_mode), 0o600, secret)

    def test_2_the_units_are_sound_and_hardened(self):
        for service in SERVICES:
            os.symlink("dondoc@.service", self.at("units", f"dondoc@{service}.service"))
        self.addCleanup(lambda: [os.remove(self.at("units", f"dondoc@{name}.service"))
                                 for name in SERVICES])
        files = [self.at("units", f"{name}.service") for name in UNITS] + [self.at("units", "dondoc.target")]
        environment = {**os.environ, "SYSTEMD_UNIT_PATH": self.at("units") + ":"}
        done = subprocess.run(["systemd-analyze", "verify", *files], env=environment, text=True,
                              capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        for name in UNITS:
            done = subprocess.run(
                ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MAX}",
                 self.at("units", f"{name}.service")], env=environment, text=True,
                capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout[-400:] + done.stderr)
            for key, value in (("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"),
                               ("Restart", "on-failure")):
                self.assertEqual(self.values(name, key), [value], name)
            for key in ("MemoryMax", "LimitNOFILE"):
                self.assertEqual(len(self.values(name, key)), 1, name)
            # An order, and no condition: nobody waits for somebody who is away.
            self.assertEqual(self.values(name, "Requires") + self.values(name, "BindsTo"), [])

    def test_3_every_program_runs_as_its_user_and_they_work_together(self):
        processes = self.start_all()
        for process in processes:
            self.assertEqual(os.stat(f"/proc/{process.pid}").st_uid, pwd.getpwnam(USER).pw_uid)
        self.dondoc("unit", "import", os.path.join(REPOSITORY, "deploy", "plans", "cchc-2023", "units.csv"))
        self.dondoc("plan", "import", "--id", "cchc-2023",
                    os.path.join(REPOSITORY, "deploy", "plans", "cchc-2023", "ke-hoach.txt"))
        # Through NATS, whose passwords each has from its credentials.
        self.assertTrue(eventually(lambda: "100" in self.dondoc("kpi", "list", "--json")),
                        self.log("dondoc@kpi"))
        # And Redis, which lets nobody in without one.
        self.assertNotIn("WRONGPASS", self.log("dondoc@kpi"))
        redis = socket.create_connection(("127.0.0.1", self.port + 5))
        self.addCleanup(redis.close)
        redis.sendall(b"PING\r\n")
        self.assertIn(b"NOAUTH", redis.recv(100))

    def test_4_an_upgrade_keeps_settings_secrets_and_data(self):
        with open(self.at("etc", "registry.conf"), "a", encoding="utf-8") as file:
            file.write("log_format = json\n")
        before = self.contents()
        for process in self.started:
            process.terminate()
        for process in self.started:
            process.wait(timeout=30)
        self.started.clear()
        self.installs()
        self.assertEqual(self.contents(), before)
        self.start_all()
        self.assertIn("cchc-2023", self.dondoc("plan", "list"))
        self.assertIn('"event":"ready"', self.log("dondoc@registry"))

    def test_5_uninstalls_and_leaves_settings_and_data(self):
        before = self.contents()
        done = self.install("--no-start", "--uninstall")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertFalse(os.path.exists(self.at("opt")))
        self.assertEqual(os.listdir(self.at("units")), [])
        self.assertEqual(self.contents(), before)
        self.assertTrue(os.path.isfile(self.at("var", "registry", "registry.db")))

    def test_6_says_what_is_wrong_before_it_touches_anything(self):
        for words, environment, said in (
                (("--frobnicate",), {}, "--frobnicate"),
                (("--no-start",), {"DONDOC_SETTINGS": self.at("a folder")}, "a folder"),
                (("--no-start",), {"DONDOC_BUILD": self.at("nothing")}, "bin/dondoc-registry")):
            done = self.install(*words, **environment)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(said, done.stderr)
        self.assertFalse(os.path.exists(self.at("opt")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
