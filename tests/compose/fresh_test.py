"""What the README says of containers, done to the letter in a fresh clone: "up -d", by both versions of compose.

Nothing is there before it but the clone: the images are built and the keys and passwords made by that one
command. Only ports, the name of the project and the tag of the images are not those of .env, so that other
systems of this machine are left alone.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from system import CLIENT, PARTS, REPOSITORY, System, docker, version

PLANS = "/usr/share/dondoc/plans/cchc-2023"
# The tag of what is built here; nobody else's.
VERSION = f"{version()}-clone"
# What docker-compose.yml builds.
IMAGES = {f"dondoc/{name}" for name in ("programs", "haproxy", "nats", "redis", "prometheus")}
# What tests/compose/run has kept of the compiler's work (deploy/Dockerfile): with it the second version, whose
# builder keeps layers of its own, takes some minutes the first time, and without it half an hour.
COMPILED = "build/image-ccache.tar"


def git(folder, *arguments):
    """What git says in a folder, whoever owns it."""
    done = subprocess.run(("git", "-C", folder, *arguments), text=True, capture_output=True, check=False,
                          env={**os.environ, "GIT_CONFIG_GLOBAL": str(Path(folder).parent / "gitconfig")})
    if done.returncode != 0:
        raise AssertionError(f"git {arguments}: {done.stdout}{done.stderr}")
    return done.stdout


def images():
    """The images that were built here, by name."""
    return set(docker("images", "--format", "{{.Repository}}", "--filter", f"reference=dondoc/*:{VERSION}").split())


def remove_images():
    """Them, but not the layers that other images share."""
    for name in images():
        docker("rmi", f"{name}:{VERSION}")


class FreshTest(unittest.TestCase):
    """A clone for each case."""

    def setUp(self):
        if not (REPOSITORY / ".git").exists():
            self.skipTest("this is no clone, so there is nothing to clone")
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "gitconfig").write_text("[safe]\n\tdirectory = *\n", encoding="ascii")
        self.clone = folder / "dondoc"
        self.clone.mkdir()
        git(self.clone, "clone", "-q", str(REPOSITORY), ".")
        self.assertEqual(git(self.clone, "status", "--porcelain", "--ignored"), "")
        if (REPOSITORY / COMPILED).exists():
            (self.clone / COMPILED).parent.mkdir()
            shutil.copyfile(REPOSITORY / COMPILED, self.clone / COMPILED)
        remove_images()
        self.addCleanup(remove_images)

    def containers(self, system):
        """Since when each container has been there and has run, but for the one that ends when it is done."""
        ids = docker("ps", "-a", "-q", "--no-trunc", "--filter",
                     f"label=com.docker.compose.project={system.project}").split()
        self.assertEqual(len(ids), len(PARTS) + 1)
        known = {}
        for container in json.loads(docker("inspect", *ids)):
            part = container["Config"]["Labels"]["com.docker.compose.service"]
            known[part] = (container["Id"], container["State"]["StartedAt"] if part in PARTS else "")
        return known

    def system(self):
        """What the clone makes of it."""
        system = System(root=self.clone, up=())
        system.settings["DONDOC_VERSION"] = VERSION
        return system

    def comes_up(self, system, first_line):
        """All of it, by one version of compose."""
        self.assertRegex(system.compose("version"), first_line)
        # Every part is healthy on entering.
        with system:
            self.assertEqual(images(), IMAGES)
            system.dondoc("unit", "import", f"{PLANS}/units.csv")
            self.assertEqual(len(system.ask("unit", "list")["units"]), 14)
            # What was made is in volumes: not even what git ignores has more than was put there above.
            self.assertEqual(git(self.clone, "status", "--porcelain"), "")
            self.assertLessEqual(set(git(self.clone, "ls-files", "--others").split()), {COMPILED})

            before = self.containers(system)
            system.compose("up", "-d")
            self.assertEqual(self.containers(system), before)
            system.wait_until_healthy()
            self.assertEqual(len(system.ask("unit", "list")["units"]), 14)
        # Nothing is left over, or leaving would have said so.

    def test_docker_compose_1(self):
        system = self.system()
        if "version v2" in system.compose("version"):
            self.skipTest("docker-compose of this machine is the second version, as trixie has it")
        self.comes_up(system, r"version v?1\.")

    def test_docker_compose_1_with_overlays(self):
        # It looks elsewhere for an image that it comes to before the service that builds it.
        system = System(["compose.postgres.yml", "compose.cluster.yml"], ("nats-3", "redis-replica", "postgres"),
                        root=self.clone)
        system.settings["DONDOC_VERSION"] = VERSION
        self.addCleanup(system.take_down)
        system.compose("up", "-d", *system.parts)
        self.assertEqual(images(), {f"dondoc/{name}" for name in ("programs", "nats", "redis", "postgres")})
        # Two of three nodes make a cluster.
        system.wait_until_healthy()

    def test_docker_compose_2(self):
        system = self.system()
        # It speaks to the engine alone.
        client = ["docker", "run", "--rm", "-i", "--network", "none", "-v", "/var/run/docker.sock:/var/run/docker.sock",
                  "-v", f"{self.clone}:{self.clone}:ro", "-w", str(self.clone)]
        for name in system.settings:
            client += ("-e", name)
        system.command = (*client, CLIENT, "docker", "compose")
        self.each_image_is_built_here_and_once(system)
        self.comes_up(system, r"version v?2\.")

    def each_image_is_built_here_and_once(self, system):
        """It builds for all services at once, and two that write one tag get into each other's way; and before it
        builds, it looks elsewhere for what it may."""
        files = [word for name in ("docker-compose.yml", "deploy/compose.cluster.yml", "deploy/compose.postgres.yml")
                 for word in ("-f", name)]
        services = json.loads(system.compose(*files, "--profile", "*", "config", "--format", "json"))["services"]
        built = [service["image"] for service in services.values() if "build" in service]
        self.assertEqual(sorted(built), sorted({service["image"] for service in services.values()}))
        self.assertEqual({service.get("pull_policy") for service in services.values()}, {"never"})


if __name__ == "__main__":
    unittest.main()
