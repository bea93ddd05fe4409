"""What every container of every file of compose is held to, those on demand too. Run by tests/compose/run."""

import json
import subprocess
import unittest

from system import CLIENT, REPOSITORY

FILES = ("docker-compose.yml", "deploy/compose.cluster.yml", "deploy/compose.postgres.yml")
# What prints keys or whole databases.
WITHOUT_LOG = {"issuer", "keys", "operator", "operator-postgres"}


class BoxesTest(unittest.TestCase):
    """By the second version of compose, which tells what it has read as JSON."""

    @classmethod
    def setUpClass(cls):
        files = [word for name in FILES for word in ("-f", name)]
        said = subprocess.run(("docker", "run", "--rm", "--network", "none", "-v", f"{REPOSITORY}:{REPOSITORY}:ro", "-w",
                               REPOSITORY, CLIENT, "docker", "compose", *files, "--profile", "*", "config", "--format",
                               "json"), text=True, capture_output=True, check=True).stdout
        cls.known = json.loads(said)

    def test_every_container_is_held_to_its_limits(self):
        services = self.known["services"]
        # Among them what the overlays bring, and what runs on demand.
        self.assertLessEqual(WITHOUT_LOG | {"nats-3", "redis-replica", "postgres", "dondoc", "secrets"}, set(services))
        for name, box in services.items():
            with self.subTest(name):
                self.assertEqual(box["user"], "10001:10001")
                self.assertTrue(box["read_only"])
                self.assertTrue(box["init"])
                self.assertEqual(box["cap_drop"], ["ALL"])
                self.assertNotIn("cap_add", box)
                self.assertFalse(box.get("privileged", False))
                self.assertEqual(box["security_opt"], ["no-new-privileges:true"])
                self.assertGreater(int(box["mem_limit"]), 0)
                self.assertEqual(box["memswap_limit"], box["mem_limit"])
                self.assertEqual(int(box["pids_limit"]), 256)
                self.assertGreater(float(box["cpus"]), 0)
                self.assertEqual(box["ulimits"]["nofile"], {"soft": 16384, "hard": 16384})
                self.assertTrue(all("noexec" in mount and "size=" in mount for mount in box["tmpfs"]), box["tmpfs"])
                self.assertEqual(box["logging"]["driver"], "none" if name in WITHOUT_LOG else "json-file")
                self.assertEqual("ports" in box, name in ("edge", "prometheus"))

    def test_only_what_has_to_leave_the_machine_can(self):
        open_networks = {name for name, network in self.known["networks"].items() if not network.get("internal")}
        self.assertEqual(open_networks - {"default"}, {"outside", "egress", "operators"})
        leaving = {name: open_networks & set(box.get("networks") or {}) for name, box in self.known["services"].items()}
        self.assertEqual({name: networks for name, networks in leaving.items() if networks},
                         {"edge": {"outside"}, "dondoc": {"outside"}, "prometheus": {"operators"},
                          "notification": {"egress"}})


if __name__ == "__main__":
    unittest.main()
