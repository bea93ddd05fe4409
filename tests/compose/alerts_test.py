"""Alerts on their way to people: Prometheus tells the Alertmanager that .env names. Run by tests/compose/run."""

import json
import subprocess
import unittest

from system import System, docker, wait_for

# Made by tests/compose/run from tests/compose/Dockerfile.
ALERTMANAGER = "dondoc-test/alertmanager"
NAME = "nguoi-truc"
PORT = 9093
# A look at the edge every 15 s, a minute of patience (deploy/prometheus/alerts.yml), and Prometheus tells it.
TOLD_SECONDS = 180


class AlertsTest(unittest.TestCase):
    """One system, and an Alertmanager on the network of operators."""

    @classmethod
    def setUpClass(cls):
        system = System()
        system.settings["DONDOC_ALERTMANAGERS"] = f"{NAME}:{PORT}"
        cls.system = cls.enterClassContext(system)
        cls.alertmanager = docker("run", "-d", "--rm", "--network", f"{system.project}_operators",
                                  "--network-alias", NAME, ALERTMANAGER).strip()
        cls.addClassCleanup(docker, "rm", "-f", cls.alertmanager)

    def answers(self):
        """Whether the Alertmanager takes connections."""
        return subprocess.run(("docker", "exec", self.alertmanager, "bash", "-c", f"exec 3<> /dev/tcp/127.0.0.1/{PORT}"),
                              capture_output=True, check=False).returncode == 0

    def told(self):
        """The names of the alerts that people are told of now."""
        alerts = json.loads(self.system.fetch("", PORT, "/api/v2/alerts?active=true", self.alertmanager))
        return {alert["labels"]["alertname"] for alert in alerts}

    def test_people_are_told_that_the_edge_is_down_and_that_it_is_back(self):
        wait_for("the Alertmanager answers", self.answers, 60)
        self.assertEqual(self.told(), set())
        self.system.compose("stop", "edge")
        wait_for("people are told", lambda: self.told() == {"DondocEdgeDown"}, TOLD_SECONDS)
        self.system.compose("up", "-d", "--no-build", "edge")
        wait_for("it is over", lambda: self.told() == set(), TOLD_SECONDS)

    def test_what_is_no_address_is_named_in_the_log(self):
        said = docker("run", "--rm", "--network", "none", "--tmpfs", "/tmp", "-e", "DONDOC_ALERTMANAGERS=a:9093,b",
                      self.system.inspect("prometheus")["Image"], "bash", "-c",
                      "/etc/dondoc/prometheus/start --version 2>&1; echo $?")
        self.assertRegex(said, r'"b".*\n2\n$')


if __name__ == "__main__":
    unittest.main()
