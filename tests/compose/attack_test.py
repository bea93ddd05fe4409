"""Callers that mean harm, against the composed system on this machine, and a normal caller beside.

The attacker has another address than the normal caller and, where it needs one, a certificate of its
own: what it is held to does not touch the other.

It gets a sixteenth of the processor time that another container gets while both want it. An attacker on a
network brings a processor of his own, while here he, the caller, the edge and the services share two cores:
with equal shares most of what the caller waits for would be the attacker's own work. The price: on
a busy machine he attacks with less than a machine of his own could. So each test says what he did at
least, and what he did is printed beside what the caller noticed. Nothing between them is slower than
loopback, which no network is.
"""

import json
import subprocess
import time
import unittest

from caller import Load, Newcomers
from memory import MemoryWatch
from system import BESIDE, System, docker, wait_for

PLANS = "/usr/share/dondoc/plans/cchc-2023"
# How long each side of a comparison is measured.
QUIET_SECONDS = 8
ATTACK_SECONDS = 12
# A normal caller's p99 under attack against the one before it.
SLOWER_MAX = 5
# A p99 in peace below this says more about how two cores are shared in that moment than about the edge; of
# newcomers, who agree on TLS first and of whom some dozens make one, the p99 is the slowest of all.
PEACE_SECONDS = 0.05
PEACE_OF_NEWCOMERS_SECONDS = 0.1
# Who comes while silent connections hold every place waits until they are ended, twice at most: the edge ends
# them after 5 s, and as many again may stand in the queue before it. A caller waits 15 s.
FULL_HOUSE_SECONDS = 15
# So long that what one address may open in a while adds up to more than the edge holds.
SLOW_SECONDS = 30
# What a part may take of its limit.
MEMORY_SHARE_MAX = 0.75
# As .env has them: requests in a second.
REQUEST_RATE = 300
REQUEST_RATE_PER_SOURCE = 2_000
# Every system calls again within this after an attack.
RECOVERY_SECONDS = 30


class Attacked:
    """Attacks on a system, and what others notice. Mixed into a TestCase that has a system, the
    certificates of a caller, and those of an evil one."""

    def normal_p99(self, seconds):
        """What a normal caller sees in peace."""
        return self.in_peace(seconds)[0]

    def in_peace(self, seconds):
        """The p99 of a normal caller and of newcomers in peace, PEACE_SECONDS and so on at least."""
        with self.normal_caller() as load, self.newcomers() as newcomers:
            time.sleep(seconds)
        self.assertEqual(load.failed + newcomers.failed, [])
        return max(load.p99(), PEACE_SECONDS), max(newcomers.p99(), PEACE_OF_NEWCOMERS_SECONDS)

    def as_before(self, before):
        """Whether callers are answered as fast as before an attack."""
        try:
            return self.normal_p99(QUIET_SECONDS) <= SLOWER_MAX * before
        except AssertionError:
            return False

    def normal_caller(self):
        return Load(self.system.port, self.certificates)

    def newcomers(self):
        """Those who come while it goes on."""
        return Newcomers(self.system.port, self.certificates)

    def start(self, kind, seconds=ATTACK_SECONDS):
        """Begins an attack, in a container with an address of its own in the network of callers."""
        name = f"{self.system.project}-attack"
        self.addCleanup(subprocess.run, ("docker", "rm", "-f", name), capture_output=True,
                        check=False)
        return subprocess.Popen(
            ("docker", "run", "--rm", "--name", name, "--network", f"{self.system.project}_outside",
             "--cap-add", "NET_ADMIN", "--cpu-shares", "64", "--cpus", "1", "--memory", "1g",
             "--ulimit", "nofile=16384:16384", "-v", f"{self.evil}:/certificates:ro", BESIDE,
             "python3", "/usr/local/lib/dondoc/attacks.py", kind, "edge", "8443",
             str(seconds), "/certificates"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def attack(self, kind, newcomers_max=None, seconds=ATTACK_SECONDS):
        """Attacks and asserts that others hardly notice: those who are there, and those who come, who wait
        `newcomers_max` seconds at most where that is given. Returns what the attacker counted."""
        before, new_before = self.in_peace(QUIET_SECONDS)
        with MemoryWatch(self.system) as memory, self.normal_caller() as load, \
                self.newcomers() as newcomers:
            attacker = self.start(kind, seconds)
            # Its container starts, and stops, in this time too; most of it is the attack.
            out, err = attacker.communicate(timeout=seconds + 60)
        self.assertEqual(attacker.returncode, 0, err)
        counts = json.loads(out)
        print(f"\n  {kind}: {counts}\n  p99 before {before * 1000:.1f} ms, during {load.p99() * 1000:.1f} ms; "
              f"of newcomers {new_before * 1000:.1f} ms and {newcomers.p99() * 1000:.1f} ms; most memory: "
              + ", ".join(f"{part} {peak >> 20} MiB" for part, peak in memory.peaks.items()))
        self.assertEqual(load.failed + newcomers.failed, [])
        self.assertLessEqual(load.p99(), SLOWER_MAX * before)
        self.assertLessEqual(newcomers.p99(), newcomers_max or SLOWER_MAX * new_before)
        wait_for("callers are answered as before the attack",
                 lambda: self.as_before(before), RECOVERY_SECONDS)
        self.assertEqual(memory.fallen(), [])
        for part, peak in memory.peaks.items():
            self.assertGreater(peak, 0, part)
            self.assertLess(peak, MEMORY_SHARE_MAX * memory.limits[part], part)
        return counts

    def streams_that_are_reset(self):
        """The attack of CVE-2023-44487."""
        before = self.calls_that_came_through()
        counts = self.attack("resets")
        # It opened more in a second than one address may, and the edge dropped it again and again.
        self.assertGreater(counts["streams_in_a_second"], REQUEST_RATE_PER_SOURCE)
        self.assertGreater(counts["refused"], 1)
        # The edge lets no more of them through than it does of any other calls of one system.
        self.assertLess(self.calls_that_came_through() - before, REQUEST_RATE * ATTACK_SECONDS)

    def calls_that_came_through(self):
        """How many calls of the attacked method the registry has seen, one of ours among them."""
        self.system.tasks()
        return self.system.metric("registry", "dondoc_rpc_total", "ListTasks")


class AttackTest(Attacked, unittest.TestCase):
    """One system for all attacks."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(System())
        cls.certificates = cls.system.certificate_folder()
        cls.evil = cls.system.certificate_of("he-thong-xau")

    def test_streams_that_are_reset(self):
        self.streams_that_are_reset()

    def test_headers_that_never_end(self):
        counts = self.attack("continuations")
        self.assertGreater(counts["refused"], 10)
        self.assertLess(counts["bytes"] / counts["connections"], 1 << 20)

    def test_headers_that_are_too_large(self):
        counts = self.attack("headers")
        self.assertGreater(counts["streams"], 100)

    def test_connections_that_stay_idle_past_the_limit_of_files(self):
        counts = self.attack("idle")
        # More than any process of the system may have open at once.
        self.assertGreater(counts["connections"], 16_384)

    def test_idle_connections_from_many_addresses(self):
        counts = self.attack("idle-from-many", newcomers_max=FULL_HOUSE_SECONDS)
        self.assertGreater(counts["connections"], 1_000)

    def test_callers_that_speak_a_byte_at_a_time(self):
        counts = self.attack("slow")
        self.assertGreater(counts["connections"], 60)

    def test_slow_callers_from_many_addresses(self):
        # It may ask for something, so that there are answers to leave unread.
        self.system.dondoc("unit", "import", f"{PLANS}/units.csv")
        self.system.dondoc("plan", "import", f"{PLANS}/ke-hoach.txt", "--id", "cchc-2023")
        self.system.dondoc("grant", "give", "system:he-thong-xau", "--role", "system")
        counts = self.attack("slow-from-many", seconds=SLOW_SECONDS)
        # More than all that the edge takes at once.
        self.assertGreater(counts["connections"], 1_000)

    def test_large_messages_that_want_for_their_last_byte(self):
        counts = self.attack("large", seconds=SLOW_SECONDS)
        self.assertGreaterEqual(counts["streams"], 100)

    def test_the_edge_takes_new_callers_after_it_all(self):
        for kind in ("idle", "slow"):
            attacker = self.start(kind)
            _, err = attacker.communicate(timeout=ATTACK_SECONDS + 60)
            self.assertEqual(attacker.returncode, 0, err)
        wait_for("a new caller is answered", lambda: self.normal_p99(1), RECOVERY_SECONDS)
        self.assertIn("200", docker("exec", self.system.container("edge"), "sh", "-c",
                                    "answers 8404 /health && echo 200"))


if __name__ == "__main__":
    unittest.main()
