"""tests/compose/engine: what it clears away, and that its engine ends with whoever owns it."""

import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from system import BESIDE, REPOSITORY, docker, wait_for

ENGINE = REPOSITORY / "tests/compose/engine"
ALONE = ("unshare", "--net")

LABEL = "com.docker.compose.project"
# The largest number that the kernel gives a process is below.
NOBODY = 1 << 23
# Its containers get their own time to end.
END_SECONDS = 60


class EngineTest(unittest.TestCase):
    """What is left over on it."""

    def left_by(self, pid):
        """A volume and a network as a test of this process has them."""
        project = f"dondoc-test-{pid}-1"
        for kind in ("volume", "network"):
            docker(kind, "create", "--label", f"{LABEL}={project}", f"{project}_{kind}")
            self.addCleanup(subprocess.run, ("docker", kind, "rm", f"{project}_{kind}"), check=False,
                            capture_output=True)
        return project

    def still_there(self, project):
        """What a project has."""
        return [kind for kind in ("volume", "network")
                if docker(kind, "ls", "-q", "--filter", f"label={LABEL}={project}")]

    def test_what_a_killed_test_left_is_removed_and_nobody_elses(self):
        dead, living = self.left_by(NOBODY), self.left_by(os.getpid())
        subprocess.run((ENGINE, "clear"), check=True)
        self.assertEqual(self.still_there(dead), [])
        self.assertEqual(self.still_there(living), ["volume", "network"])


class OwnedEngineTest(unittest.TestCase):
    """An engine of this test, beside the one that runs: with folders of its own, and in a network namespace of
    its own, because whoever starts without a bridge removes that of the other. A stand-in for tests/compose/run
    owns it."""

    def setUp(self):
        images = REPOSITORY / "build"
        images.mkdir(exist_ok=True)
        self.images = self.enterContext(tempfile.TemporaryDirectory(dir=images, ignore_cleanup_errors=True))
        # The names of sockets are short.
        self.folder = self.enterContext(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        self.environment = {**os.environ, "DOCKER_HOST": f"unix://{self.folder}/docker.sock",
                            "DONDOC_TEST_ENGINE_DATA": f"{self.images}/data"}
        self.options = ("--host", self.environment["DOCKER_HOST"], "--bridge=none", "--iptables=false",
                        "--ip6tables=false", "--ip-forward=false")
        self.place = Path(self.folder) / "run"
        self.addCleanup(self.end_everything)
        self.begin()
        image = subprocess.run(("docker", "save", BESIDE), check=True, capture_output=True).stdout
        subprocess.run(("docker", "load"), input=image, check=True, capture_output=True, env=self.environment)

    def engine(self, *words):
        """Runs tests/compose/engine for this one."""
        subprocess.run((*ALONE, ENGINE, *words), check=True, env=self.environment, stdout=subprocess.DEVNULL)

    def docker(self, *words):
        """What this engine answers."""
        return subprocess.run(("docker", *words), check=True, text=True, capture_output=True,
                              env=self.environment).stdout.strip()

    def begin(self):
        """Starts it for a new owner."""
        self.place.mkdir(exist_ok=True)
        self.owner = subprocess.Popen(
            (*ALONE, "bash", "-c", '"$1" start "$2" $$ "${@:3}"; echo started; read -r _', "run", ENGINE, self.place, *self.options),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment)
        self.addCleanup(self.owner.stdin.close)
        self.addCleanup(self.owner.stdout.close)
        self.assertEqual(self.owner.stdout.readline(), "started\n")

    def kill_owner(self):
        """As CI does when its time is over."""
        self.owner.kill()
        self.owner.wait()

    def container(self):
        """Starts one that lives on; the number of its process."""
        name = self.docker("run", "-d", "--network", "none", "--restart", "always", BESIDE, "sleep", "infinity")
        return int(self.docker("inspect", "-f", "{{.State.Pid}}", name))

    def processes(self):
        """Numbers and words of what runs of this engine: it, what serves it, and who watches over it."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes()
                known = self.folder.encode() in words + (process / "environ").read_bytes()
            except OSError:
                continue
            # One that has ended and was not yet taken notice of has no words.
            if known and words and int(process.name) not in (self.owner.pid, os.getpid()):
                found[int(process.name)] = words.replace(b"\0", b" ").decode()
        return found

    def kill(self, having):
        """Kills each of them whose words hold these."""
        killed = [process for process, words in self.processes().items() if having in words]
        self.assertTrue(killed, having)
        for process in killed:
            os.kill(process, signal.SIGKILL)

    def end_everything(self):
        """Whatever a case that failed has left."""
        self.kill_owner()
        subprocess.run((ENGINE, "clear"), check=False, env=self.environment, capture_output=True)
        for process in self.processes():
            subprocess.run(("kill", "-KILL", str(process)), check=False, capture_output=True)
        # One that was killed leaves its folder mounted on itself.
        subprocess.run(("umount", "--lazy", f"{self.images}/data"), check=False, capture_output=True)

    def ends(self, container):
        """Nothing of it runs any more, nor what it ran."""
        wait_for("it has ended", lambda: not self.processes(), END_SECONDS)
        wait_for("its containers have ended", lambda: not Path(f"/proc/{container}").exists(), END_SECONDS)
        self.assertEqual(list(self.place.glob("*")), [])

    def test_it_ends_with_its_owner_whoever_restarted_it(self):
        container = self.container()
        self.assertTrue(any("containerd-shim" in words for words in self.processes().values()))
        # As compose_test.py does.
        self.engine("stop", self.place)
        self.engine("start", self.place, "", *self.options)
        name = wait_for("its container came back", lambda: self.docker("ps", "-q"), END_SECONDS)
        container = int(self.docker("inspect", "-f", "{{.State.Pid}}", name))
        # Nobody ends one whose owner lives.
        self.engine("clear")
        self.assertTrue(Path(f"/proc/{container}").exists())
        self.kill_owner()
        self.ends(container)

    def test_the_next_run_ends_one_that_nobody_watched_over(self):
        for also in (None, "dockerd"):
            with self.subTest(also=also):
                container = self.container()
                self.kill("engine watch")
                if also:
                    self.kill(also)
                self.kill_owner()
                self.assertTrue(Path(f"/proc/{container}").exists())
                self.engine("clear")
                self.ends(container)
            if not also:
                self.begin()

    def test_whoever_has_its_number_now_is_left_alone(self):
        self.engine("stop", self.place)
        self.kill_owner()
        record = Path(f"{self.images}/data.last")
        self.assertTrue(record.exists())
        somebody = subprocess.Popen(("sleep", "infinity"))
        self.addCleanup(somebody.wait)
        self.addCleanup(somebody.kill)
        birth = Path(f"/proc/{somebody.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
        for line in (f"{birth} {NOBODY} 1 {self.place}\n", f"1 {NOBODY} 1 {self.place}\n",
                     f"{birth} {NOBODY} 1 /\n", "\n", f"{birth} x\n"):
            record.write_text(f"{somebody.pid} {line}", encoding="utf-8")
            self.engine("clear")
            self.assertIsNone(somebody.poll(), line)


if __name__ == "__main__":
    unittest.main()
