"""deploy/compose.cluster.yml: a broker on three nodes and a copy of Redis, and one of them killed."""

import json
import unittest

from caller import Caller
from system import PARTS, SERVICES, System, docker, wait_for

PLANS = "/usr/share/dondoc/plans/cchc-2023"
NODES = ("nats", "nats-2", "nats-3")
# A cluster finds another leader, and events flow again, within this.
ELECTION_SECONDS = 60


class ClusterTest(unittest.TestCase):
    """One system for all cases, which run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(
            System(["compose.cluster.yml"], PARTS + ("nats-2", "nats-3", "redis-replica")))
        cls.certificates = cls.system.certificate_folder()
        cls.system.dondoc("unit", "import", f"{PLANS}/units.csv")
        cls.system.dondoc("plan", "import", f"{PLANS}/ke-hoach.txt", "--id", "cchc-2023")

    def stream(self, node):
        """What a node knows of the stream; nothing while it does not have it."""
        jetstream = json.loads(self.system.fetch(
            node, 8222, "/jsz?accounts=true&streams=true&config=true"))
        streams = [stream for account in jetstream.get("account_details", ())
                   for stream in account.get("stream_detail", ())]
        return streams[0] if streams else None

    def events_flow(self):
        """Whether everything that the registry has written reached the listeners."""
        return (self.system.metric("registry", "dondoc_bus_unpublished_events") == 0
                and all(self.system.metric(service, "dondoc_bus_lag_events") == 0
                        for service in SERVICES[1:]))

    def applied(self):
        """How many events of the registry each listener has taken in."""
        return [self.system.metric(service, "dondoc_bus_applied_total", "registry")
                for service in SERVICES[1:]]

    def test_1_every_node_keeps_every_event(self):
        wait_for("events flow", self.events_flow, ELECTION_SECONDS)
        counts = set()
        for node in NODES:
            stream = wait_for(f"{node} has the stream", lambda node=node: self.stream(node),
                              ELECTION_SECONDS)
            self.assertEqual(stream["config"]["num_replicas"], 3)
            counts.add(stream["state"]["messages"])
        self.assertEqual(len(counts), 1, counts)
        self.assertGreater(counts.pop(), 46)

    def test_2_writes_and_events_go_on_when_the_leader_is_killed(self):
        leader = self.stream("nats")["cluster"]["leader"]
        before = self.applied()
        # An operator's kill: it stays away.
        docker("kill", self.system.container(leader))
        with Caller(self.system.port, self.certificates) as caller:
            for _ in range(20):
                caller.add_unit()
        wait_for("the listeners have heard of 20 units",
                 lambda: all(now >= then + 20 for now, then in zip(self.applied(), before)),
                 ELECTION_SECONDS)
        wait_for("nothing waits", self.events_flow, ELECTION_SECONDS)
        self.assertFalse(self.system.inspect(leader)["State"]["Running"])

        docker("start", self.system.container(leader))
        wait_for("the node is well", lambda: self.system.healthy(leader), ELECTION_SECONDS)
        other = next(node for node in NODES if node != leader)
        wait_for("the node has caught up",
                 lambda: (self.stream(leader) or {}).get("state") == self.stream(other)["state"],
                 ELECTION_SECONDS)

    def test_3_the_copy_of_redis_answers_readers_when_the_first_is_killed(self):
        rows = wait_for("kpi has targets", lambda: self.system.ask(
            "kpi", "board", "--plan", "cchc-2023").get("rows"), 60)
        keys = ["dondoc:kpi:value:{}:_:2023".format(row["indicator"]["name"].split("/")[-1])
                for row in rows]
        password = self.system.compose("run", "--rm", "-T", "keys", "cat", "redis/reader-password").strip()

        def reader(part, *command):
            return docker("exec", self.system.container(part), "redis-cli", "--user", "reader",
                          "--pass", password, "--no-auth-warning", *command)

        kept = wait_for("kpi has written values", lambda: [
            key for key in keys if reader("redis", "get", key).strip()], 60)
        expected = reader("redis", "get", kept[0])
        wait_for("the copy has them",
                 lambda: reader("redis-replica", "get", kept[0]) == expected, 60)
        self.assertIn("NOPERM", reader("redis-replica", "set", kept[0], "1"))
        docker("kill", self.system.container("redis"))
        self.assertEqual(reader("redis-replica", "get", kept[0]), expected)
        # kpi computes what it cannot look up.
        self.assertEqual(len(self.system.ask("kpi", "board", "--plan", "cchc-2023")["rows"]),
                         len(rows))
        docker("start", self.system.container("redis"))
        wait_for("redis is well", lambda: self.system.healthy("redis"), 60)


if __name__ == "__main__":
    unittest.main()
