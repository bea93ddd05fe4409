"""dondoc-admin, as operators type it."""

import hashlib
import json
import os
import socket
import uuid

from operations import OperationsTest, PLAN, main, metrics_of, settled, statuses
from installation import Installation, SERVICES, eventually


class Admin(OperationsTest):
    """dondoc-admin, as it is typed, over a system that runs."""

    @classmethod
    def setUpClass(cls):
        cls.city = cls.enterClassContext(Installation())
        cls.up = cls.city.run("up", "--real-clock")
        # Where the services are, said once and not with every word.
        for name in SERVICES:
            cls.city.environment[f"DONDOC_{name.upper()}_ADMIN"] = f"127.0.0.1:{cls.city.admin_port(name)}"

    def admin(self, *words):
        """With the addresses of the environment."""
        return self.city.program("dondoc-admin", *words)

    def lines(self, *words):
        """What it prints for machines, a line a service."""
        return [json.loads(line) for line in self.succeeds(self.admin(*words, "--json")).splitlines()]

    def test_1_the_addresses_are_those_of_an_installation_by_default(self):
        self.succeeds(self.up)
        self.assertEqual({line["service"] for line in self.lines("status")}, set(SERVICES))
        for offset, name in enumerate(SERVICES):
            default = f"127.0.0.1:{7441 + offset}"
            settings = self.succeeds(self.city.program(f"dondoc-{name}", "--help"))
            self.assertRegex(settings, rf"admin_listen\b.*\n?.*{default}")
            del self.city.environment[f"DONDOC_{name.upper()}_ADMIN"]
            outcome = self.admin("status", "--service", name)
            # Somebody else's installation may listen there, and answers then.
            self.assertTrue(outcome.code == 0 or default in outcome.err, outcome.err)
            self.city.environment[f"DONDOC_{name.upper()}_ADMIN"] = (
                f"127.0.0.1:{self.city.admin_port(name)}")

    def test_2_schema_tells_the_steps_of_every_database(self):
        told = {line["service"]: line["schema"] for line in self.lines("schema")}
        self.assertEqual(set(told), set(SERVICES))
        for name, steps in told.items():
            self.assertIn(name, {step["component"] for step in steps})
        self.assertIn("SHA-256", self.succeeds(self.admin("schema", "--service", "kpi")))

    def test_3_republish_sends_the_log_again_and_harms_nobody(self):
        self.succeeds(self.city.dondoc("unit", "import", os.path.join(PLAN, "units.csv")))
        self.assertTrue(eventually(lambda: settled(self.city)))
        before = metrics_of(self.city, "registry")["dondoc_bus_published_total"]
        last = int(statuses(self.city)["registry"]["log"]["sequence"])
        answer, = self.lines("republish", "--service", "registry", "--from", "1")
        self.assertEqual(int(answer["toSequence"]), last)
        self.assertTrue(eventually(
            lambda: metrics_of(self.city, "registry")["dondoc_bus_published_total"] >= before + last))
        self.assertTrue(eventually(lambda: settled(self.city)))
        self.assertEqual([line["deadLetters"] for line in statuses(self.city).values()], ["0"] * 4)
        outcome = self.admin("republish", "--service", "registry", "--from", "999999")
        self.assertEqual(outcome.code, 2, outcome.err)
        self.assertIn("SEQUENCE_INVALID", outcome.err)

    def test_4_dead_letters_are_listed_shown_and_tried_again(self):
        """Of an event that says it is a unit and is none, and a message that is no event."""
        event = str(uuid.uuid4())
        publish(self.city, event, b"\xff\xff\xff")

        def letters():
            return self.lines("dead-letters", "list", "--service", "kpi")[0].get("deadLetters", [])

        self.assertTrue(eventually(lambda: len(letters()) == 1))
        self.assertEqual((letters()[0]["eventId"], letters()[0]["name"]), (event, "units/khong-co"))
        self.assertIn(event, self.succeeds(self.admin("dead-letters", "list")))
        shown = self.succeeds(self.admin("dead-letters", "show", event, "--service", "kpi"))
        for word in ("units/khong-co", "dondoc.registry.v1.UnitChanged", "3 byte"):
            self.assertIn(word, shown)
        buried = letters()[0]["buriedTime"]
        out = self.succeeds(self.admin("dead-letters", "redrive", event, "--service", "kpi"))
        self.assertIn("Đang thử lại 1 sự kiện", out)
        self.assertTrue(eventually(
            lambda: [letter["buriedTime"] != buried for letter in letters()] == [True]),
            "it was tried again, and failed again")
        self.succeeds(self.admin("dead-letters", "redrive", "--all", "--service", "kpi"))
        absent = self.admin("dead-letters", "show", str(uuid.uuid4()), "--service", "kpi")
        self.assertEqual(absent.code, 3, absent.err)


def publish(city, event, payload):
    """Gives the broker a message as the registry would, but with this payload."""
    headers = {"Nats-Msg-Id": event, "ce-specversion": "1.0", "ce-id": event,
               "ce-type": "dondoc.registry.unit.added", "ce-source": "registry",
               "ce-subject": "units/khong-co", "ce-time": "2026-01-02T03:04:05+00:00",
               "content-type": "application/protobuf", "dondoc-version": "1", "dondoc-sequence": "1",
               "dondoc-actor": "users/test", "dondoc-schema": "dondoc.registry.v1.UnitChanged",
               "dondoc-sha256": hashlib.sha256(payload).hexdigest()}
    head = "NATS/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", city.port("nats")), timeout=10) as broker:
        broker.sendall(b'CONNECT {"verbose":false,"headers":true}\r\n'
                       + f"HPUB dondoc.registry.unit.added {len(head)} {len(head) + len(payload)}\r\n".encode()
                       + head.encode() + payload + b"\r\nPING\r\n")
        answer = b""
        while b"PONG" not in answer:
            more = broker.recv(4_096)
            if not more:
                raise RuntimeError(answer)
            answer += more


if __name__ == "__main__":
    main()
