"""What the cache and the broker let each of their users do, as an installation by containers has them."""

import json
import socket
import ssl
import unittest
from pathlib import Path

from system import SERVICES, System, docker, wait_for

KEY = "dondoc:kpi:value:thu:_:2023"
KEY_OF_A_UNIT = "dondoc:kpi:value:thu:van-phong:2023"
# What would show, take or break what is others', or the cache itself. Each with as many words as it takes.
FORBIDDEN = (
    "KEYS *", "SCAN 0", "RANDOMKEY", "DBSIZE", "FLUSHALL", "FLUSHDB", "SWAPDB 0 1", "SELECT 1",
    "CONFIG GET *", "CONFIG SET maxmemory 1", "DEBUG SLEEP 0", "SHUTDOWN NOSAVE", "SAVE", "BGREWRITEAOF",
    "ACL LIST", "ACL WHOAMI", "ACL SETUSER kpi on allcommands", "CLIENT LIST", "CLIENT KILL TYPE normal", "MONITOR",
    "INFO", "COMMAND", "SLOWLOG GET", "MODULE LIST", "REPLICAOF 192.0.2.1 6379", "PSYNC ? -1", "SYNC",
    "EVAL return(1) 0", "SCRIPT FLUSH", "FUNCTION LIST", "PUBLISH a b", "SUBSCRIBE a", "MULTI",
    f"RENAME {KEY} {KEY}2", f"COPY {KEY} {KEY}2", f"OBJECT FREQ {KEY}", f"DUMP {KEY}", f"EXPIRE {KEY} 1")
# Each of these ends what the others stand on.
STREAM_ENDS = ("STREAM.DELETE.DONDOC", "STREAM.PURGE.DONDOC", "STREAM.MSG.DELETE.DONDOC", "STREAM.RESTORE.DONDOC",
               "STREAM.SNAPSHOT.DONDOC", "STREAM.LEADER.STEPDOWN.DONDOC", "STREAM.CREATE.OTHER", "STREAM.NAMES",
               "CONSUMER.NAMES.DONDOC", "ACCOUNT.PURGE.DONDOC")
STREAM_CHANGES = ("STREAM.CREATE.DONDOC", "STREAM.UPDATE.DONDOC")
BACK_SECONDS = 60


class RightsTest(unittest.TestCase):
    """One system for all cases."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(System())

    def setUp(self):
        self.context = self.broker_context()

    def secret(self, name):
        """A password as the installation made it."""
        return self.system.compose("run", "--rm", "-T", "keys", "cat", name).strip()

    def redis(self, words, user=None, password=None):
        """What the cache answers to one command."""
        known = ("--user", user, "--pass", password, "--no-auth-warning") if user else ()
        return docker("exec", self.system.container("redis"), "redis-cli", *known, *words.split()).strip()

    def talk(self, part, port, words):
        """What a server in a part's container answers to these lines until it hangs up."""
        script = f"exec 3<> /dev/tcp/127.0.0.1/{port}; cat >&3; timeout 20 cat <&3"
        done = self.system.run_compose("exec", "-T", part, "bash", "-c", script, stdin=words.encode())
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
        return done.stdout.decode()

    def assert_forbidden(self, user, password, commands):
        """The cache refuses each of these to a user who has come in."""
        lines = "".join(f"{words}\r\n" for words in (f"AUTH {user} {password}", *commands, "QUIT"))
        said = self.talk("redis", 6379, lines).splitlines()
        self.assertEqual((said[0], said[-1]), ("+OK", "+OK"), said)
        self.assertEqual(len(said), len(commands) + 2, said)
        for words, answer in zip(commands, said[1:], strict=False):
            # Of DEBUG the cache knows nothing at all, whoever asks.
            no = "^-ERR DEBUG command not allowed" if words.startswith("DEBUG") else "^-NOPERM"
            self.assertRegex(answer, no, f"{user}: {words}")

    def test_kpi_does_with_its_keys_what_it_needs_and_nothing_else(self):
        password = self.secret("kpi/redis-password")

        def kpi(words):
            return self.redis(words, "kpi", password)

        self.assertEqual(kpi("PING"), "PONG")
        self.assertEqual(kpi(f"SET {KEY} 1 PX 60000"), "OK")
        self.assertEqual(kpi(f"MGET {KEY}"), "1")
        self.assert_forbidden("kpi", password, (*FORBIDDEN, "SET dondoc:registry:a 1", "SET a 1", "MGET a",
                                                f"MGET {KEY} a", "DEL a", "SET dondoc:kp 1"))
        # What was refused has changed nothing.
        self.assertEqual(kpi(f"MGET {KEY}"), "1")
        self.assertEqual(kpi(f"DEL {KEY}"), "1")

    def test_readers_and_the_copy_write_nothing(self):
        password = self.secret("redis/reader-password")
        kpi = self.secret("kpi/redis-password")
        self.assertEqual(self.redis(f"SET {KEY} 1 PX 60000", "kpi", kpi), "OK")
        self.assertEqual(self.redis(f"GET {KEY}", "reader", password), "1")
        self.assert_forbidden("reader", password, (f"SET {KEY} 2", f"DEL {KEY}", "GET dondoc:kpi:complete", "GET a",
                                                   f"GET {KEY_OF_A_UNIT}", *FORBIDDEN))
        # The copy's is there without deploy/compose.cluster.yml too.
        own = [words for words in FORBIDDEN if not words.startswith("PSYNC")]
        self.assert_forbidden("replica", self.secret("redis/replica-password"), (f"SET {KEY} 2", f"GET {KEY}", *own))
        self.assert_forbidden("probe", "none", (f"SET {KEY} 2", f"GET {KEY}", *FORBIDDEN))
        self.assertEqual(self.redis(f"MGET {KEY}", "kpi", kpi), "1")

    def test_nobody_uses_the_cache_without_a_password(self):
        for words in ("PING", f"GET {KEY}", "CONFIG GET *", "ACL LIST", "FLUSHALL"):
            self.assertRegex(self.redis(words), "^NOAUTH", words)
        for words in ("AUTH guess", "AUTH default guess", "AUTH kpi guess", "AUTH reader guess", "AUTH nobody guess"):
            self.assertRegex(self.redis(words), "^WRONGPASS", words)

    def broker_context(self):
        """TLS with the certificate of a service, which the broker asks for besides the password."""
        folder = Path(self.system.folder.name)
        for name in ("ca.pem", "certificate.pem", "certificate.key"):
            (folder / f"broker-{name}").write_text(self.secret(f"kpi/{name}") + "\n", encoding="ascii")
        context = ssl.create_default_context(cafile=folder / "broker-ca.pem")
        context.load_cert_chain(folder / "broker-certificate.pem", folder / "broker-certificate.key")
        return context

    def broker(self, user, password, *lines):
        """What the broker answers to these lines of its protocol. After the last, which is none, it hangs up."""
        connect = json.dumps({"verbose": False, "user": user, "pass": password} if user else {"verbose": False})
        networks = self.system.inspect("nats")["NetworkSettings"]["Networks"]
        said = b""
        # The host of the containers reaches each by its address.
        with socket.create_connection((next(iter(networks.values()))["IPAddress"], 4222), timeout=20) as plain:
            # It speaks first, in plain text, and tells that TLS follows.
            self.assertTrue(plain.recv(65_536).startswith(b"INFO "))
            with self.context.wrap_socket(plain, server_hostname="nats") as secure:
                secure.sendall("".join(f"{line}\r\n" for line in (f"CONNECT {connect}", *lines, "PING", "END")).encode())
                while more := secure.recv(65_536):
                    said += more
        return said.decode()

    def stream(self):
        """What the broker keeps: how it is set up, and how many messages."""
        found = json.loads(self.system.fetch("nats", 8222, "/jsz?accounts=true&streams=true&config=true"))
        streams = [stream for account in found["account_details"] for stream in account.get("stream_detail", ())]
        self.assertEqual([stream["name"] for stream in streams], ["DONDOC"])
        return streams[0]

    def forbidden_to(self, service):
        """Where this service may not publish."""
        others = [other for other in SERVICES if other != service]
        yield from (f"dondoc.{other}.thu.changed" for other in others)
        # An answer in the broker's name.
        yield from (f"_INBOX.{other}.thu" for other in others)
        yield from (f"$JS.API.{ends}" for ends in STREAM_ENDS)
        if service != "registry":
            yield from (f"$JS.API.{changes}" for changes in STREAM_CHANGES)
        durables = [f"{other}-from-registry" for other in others if other != "registry"]
        for durable in durables:
            yield from (f"$JS.API.CONSUMER.{verb}.DONDOC.{durable}" for verb in ("DELETE", "INFO", "MSG.NEXT"))
            yield f"$JS.API.CONSUMER.DURABLE.CREATE.DONDOC.{durable}"
            yield f"$JS.ACK.DONDOC.{durable}.1.1.1.1.1"
        yield from ("$SYS.REQ.SERVER.PING", "$SYS.REQ.USER.INFO", "dondoc.thu", "thu")

    def test_each_service_says_at_the_broker_what_is_its_own_alone(self):
        wait_for("the broker has every event", lambda: all(
            self.system.metric(service, "dondoc_bus_unpublished_events") == 0 for service in SERVICES), BACK_SECONDS)
        before = self.stream()
        self.assertTrue(before["config"]["deny_delete"] and before["config"]["deny_purge"])
        for service in SERVICES:
            password = self.secret(f"{service}/nats-password")
            # Nothing is said under its own subjects: that would stay in the stream. Its events are there.
            own = self.broker(service, password, "PUB $JS.API.STREAM.INFO.DONDOC 0", "", f"SUB _INBOX.{service}.> 1")
            self.assertIn("PONG", own, service)
            self.assertNotIn("Violation", own, service)
            subjects = list(self.forbidden_to(service))
            said = self.broker(service, password, *(line for subject in subjects for line in (f"PUB {subject} 0", "")))
            for subject in subjects:
                self.assertIn(f'-ERR \'Permissions Violation for Publish to "{subject}"\'', said, service)
            heard = (">", "dondoc.>", "dondoc.registry.>", "_INBOX.>", "$JS.>", "$SYS.>",
                     *(f"_INBOX.{other}.>" for other in SERVICES if other != service))
            said = self.broker(service, password, *(f"SUB {subject} {at}" for at, subject in enumerate(heard, 1)))
            for subject in heard:
                self.assertIn(f'-ERR \'Permissions Violation for Subscription to "{subject}"\'', said, service)
        after = self.stream()
        self.assertEqual(after["config"], before["config"])
        self.assertEqual(after["created"], before["created"])
        self.assertGreaterEqual(after["state"]["messages"], before["state"]["messages"])
        self.assertEqual(after["state"]["first_seq"], before["state"]["first_seq"])

    def test_nobody_comes_in_at_the_broker_without_a_password(self):
        for user, password in ((None, None), ("kpi", "guess"), ("sys", "guess"), ("nobody", "guess"), ("kpi", "")):
            self.assertIn("Authorization Violation", self.broker(user, password), user)


if __name__ == "__main__":
    unittest.main()
