"""People who come by an identity provider, set up by the very override that deploy/README.md shows."""

import functools
import json
import re
import tempfile
import time
import unittest
from pathlib import Path

import tokens
from caller import Caller
from dondoc.identity.v1 import account_service_pb2 as account
from dondoc.registry.v1 import grant_pb2
from system import BESIDE, REPOSITORY, SERVICES, System, docker, wait_for

# Names of the handbook.
PROVIDER, AUDIENCE, FOLDER = "https://id.example", "dondoc", "/etc/dondoc/provider"
# The system that people come through; it may nothing itself.
PORTAL = "cong-lam-viec"
# "within a minute": libs/identity/fetched_keys.h, and what a busy machine adds.
KEYS_SECONDS = 60 + 15
# A grant is known everywhere within seconds.
GRANT_SECONDS = 60
# How far clocks may be apart (docs/accounts.md), and well beyond.
LEEWAY_SECONDS = 60
BEYOND_SECONDS = LEEWAY_SECONDS + 30
# What a director and an auditor may ask, one for each service, and how an empty request ends that was let in: an
# inspection is asked for by its programme.
LIST_UNITS = "dondoc.registry.v1.RegistryService/ListUnits"
READS = {LIST_UNITS: ("OK", ""), "dondoc.kpi.v1.KpiService/ListIndicators": ("OK", ""),
         "dondoc.inspection.v1.InspectionService/ListInspections": ("INVALID_ARGUMENT", "RESOURCE_NAME_INVALID"),
         "dondoc.notification.v1.NotificationService/ListNotices": ("OK", "")}
# What the Office alone may do.
OFFICE = "dondoc.registry.v1.RegistryService/AddUnit"
# Illustrative: a person for each algorithm, with a role that reads everywhere and is not the Office.
PEOPLE = {"RS256": ("rs-8f0c", "director"), "ES256": ("es-41d7", "auditor"), "EdDSA": ("ed-c2b9", "director")}
REFUSED = ("UNAUTHENTICATED", "TOKEN_REFUSED")
# What the provider runs.
SERVER = """
import functools, http.server, ssl
files = functools.partial(http.server.SimpleHTTPRequestHandler, directory="/site/public")
server = http.server.ThreadingHTTPServer(("", 443), files)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/site/certificate.pem", "/site/certificate.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""


def shown_override(folder):
    """The override that the handbook shows, with `folder` for the one that it tells to make."""
    handbook = (REPOSITORY / "deploy/README.md").read_text(encoding="utf-8")
    shown = re.search(r"^```yaml\n(x-provider:.*?)^```$", handbook, re.MULTILINE | re.DOTALL).group(1)
    for word in (PROVIDER, AUDIENCE, FOLDER):
        if word not in shown:
            raise AssertionError(f"the handbook does not say {word}")
    return shown.replace(FOLDER, str(folder))


class Provider:
    """An identity provider in the network by which the services leave, and the folder that is it."""

    def __init__(self, folder):
        self.folder = folder
        self.site = folder / "site"
        self.told = folder / "told"
        for made in (folder, self.site, self.site / "public", self.told):
            made.mkdir(exist_ok=True)
            made.chmod(0o755)
        # Its own authority.
        tokens.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                       "-subj", "/CN=id.example", "-addext", "subjectAltName=DNS:id.example",
                       "-keyout", self.site / "certificate.key", "-out", self.site / "certificate.pem")
        (self.told / "ca.pem").write_bytes((self.site / "certificate.pem").read_bytes())
        (self.told / "ca.pem").chmod(0o644)
        self.keys = {algorithm: tokens.Key(folder, algorithm, f"{algorithm}-1") for algorithm in tokens.KINDS}
        self.publish()

    def publish(self):
        """Lists its keys, as those who fetch them see at once and whole."""
        new = self.folder / "keys.new"
        new.write_text(json.dumps({"keys": [key.jwk() for key in self.keys.values()]}), encoding="ascii")
        new.rename(self.site / "public/keys")

    def overrides(self):
        """Files for compose: what the handbook shows, and the provider itself."""
        shown = self.folder / "docker-compose.override.yml"
        shown.write_text(shown_override(self.told), encoding="utf-8")
        beside = self.folder / "provider.yml"
        beside.write_text(json.dumps({"services": {"provider": {
            "image": BESIDE, "init": True, "command": ["python3", "-c", SERVER],
            "networks": {"egress": {"aliases": ["id.example"]}},
            "volumes": [f"{self.site}:/site:ro"]}}}), encoding="utf-8")
        return shown, beside

    def claims(self, **other):
        """What a good token says, and `other` instead; None leaves a claim out."""
        now = int(time.time())
        said = {"iss": PROVIDER, "aud": AUDIENCE, "sub": PEOPLE["RS256"][0], "azp": PORTAL, "iat": now, "nbf": now,
                "exp": now + 900, **other}
        return {name: value for name, value in said.items() if value is not None}

    def token(self, algorithm, **other):
        """A token by the key of an algorithm that is listed now."""
        return self.keys[algorithm].token(self.claims(**other))


class IdentityTest(unittest.TestCase):
    """One system for all cases, which run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.provider = Provider(folder)
        cls.system = cls.enterClassContext(System(overrides=cls.provider.overrides()))
        cls.caller = cls.enterClassContext(Caller(cls.system.port, cls.system.certificate_of(PORTAL)))

    def outcome(self, method, token):
        """The code and the reason that a call with a token ends with."""
        return self.caller.outcome(method, (("authorization", f"Bearer {token}"),))

    def who(self, token):
        """On whose behalf a call with this token is made, and the roles that they hold."""
        ask = self.caller.channel.unary_unary("/dondoc.identity.v1.AccountService/WhoAmI", request_serializer=bytes,
                                              response_deserializer=account.WhoAmIResponse.FromString)
        answer = ask(b"", timeout=15, metadata=(("authorization", f"Bearer {token}"),))
        return answer.caller, [grant_pb2.Role.Name(grant.role) for grant in answer.grants]

    def refusals(self):
        """The causes of all tokens that the registry has refused so far, as its log tells them."""
        lines = docker("logs", self.system.container("registry")).splitlines()
        return [json.loads(line)["cause"] for line in lines if '"event":"token.refused"' in line]

    def assert_refused(self, token, cause):
        """The caller is told the one reason, and the operators the cause."""
        before = len(self.refusals())
        self.assertEqual(self.outcome(LIST_UNITS, token), REFUSED)
        self.assertEqual(wait_for("the registry tells why", lambda: self.refusals()[before:], 10), [cause])

    def test_1_a_person_is_who_the_token_says_and_may_nothing_without_a_grant(self):
        for algorithm, (subject, _) in PEOPLE.items():
            for method in READS:
                # Each service fetches the keys for itself.
                wait_for(f"{method} knows the key of {algorithm}", lambda method=method, algorithm=algorithm,
                         subject=subject: self.outcome(method, self.provider.token(algorithm, sub=subject)) != REFUSED,
                         KEYS_SECONDS)
                token = self.provider.token(algorithm, sub=subject)
                self.assertEqual(self.outcome(method, token), ("PERMISSION_DENIED", "NO_GRANT"), algorithm)
            self.assertEqual(self.who(token), (f"person:{subject}", []), algorithm)

    def test_2_a_person_does_what_the_grant_allows_and_nothing_beyond(self):
        for algorithm, (subject, role) in PEOPLE.items():
            self.system.dondoc("grant", "give", f"person:{subject}", "--role", role)
            token = self.provider.token(algorithm, sub=subject)
            for method, let_in in READS.items():
                wait_for(f"{method} knows the grant of {subject}",
                         lambda method=method, token=token: self.outcome(method, token)[1] != "NO_GRANT", GRANT_SECONDS)
                self.assertEqual(self.outcome(method, token), let_in, f"{algorithm} {method}")
            self.assertEqual(self.who(token), (f"person:{subject}", [f"ROLE_{role.upper()}"]), algorithm)
            self.assertEqual(self.outcome(OFFICE, token), ("PERMISSION_DENIED", "ROLE_MISSING"), algorithm)
        # What a person may, the system that they come through may not.
        self.assertEqual(self.caller.outcome(LIST_UNITS), ("PERMISSION_DENIED", "NO_GRANT"))

    def test_3_whatever_is_wrong_with_a_token_is_refused_by_the_same_words(self):
        now = int(time.time())
        key, claims = self.provider.keys["RS256"], self.provider.claims
        with tempfile.TemporaryDirectory() as folder:
            unknown = tokens.Key(Path(folder), "RS256", "nobody-s").token(claims())
            same_name = tokens.Key(Path(folder), "RS256", key.name).token(claims())
        good = key.token(claims())
        for name, token, cause in (
                ("another issuer", key.token(claims(iss="https://id.other")), "issuer"),
                ("no issuer", key.token(claims(iss=None)), "issuer"),
                ("another audience", key.token(claims(aud="other")), "audience"),
                ("no audience", key.token(claims(aud=None)), "audience"),
                ("expired", key.token(claims(exp=now - BEYOND_SECONDS)), "expired"),
                ("without an end", key.token(claims(exp=None)), "no_exp"),
                ("not yet valid", key.token(claims(nbf=now + LEEWAY_SECONDS + BEYOND_SECONDS)), "not_yet"),
                ("of a key that is not listed", unknown, "key_unknown"),
                ("of another key under the same name", same_name, "signature"),
                ("without a signature", tokens.unsigned(key, claims()), "algorithm"),
                ("signed with what is public", tokens.signed_with_what_is_public(key, claims()), "algorithm"),
                ("of another subject since", tokens.with_payload_of(good, claims(sub="somebody")), "signature"),
                ("cut off", good[:-2], "signature"),
                ("of nobody", key.token(claims(sub=None)), "subject"),
                ("given to another system", key.token(claims(azp="he-thong-mau")), "another_system"),
                ("given to no system", key.token(claims(azp=None)), "another_system")):
            with self.subTest(name):
                self.assert_refused(token, cause)
        # It was the faults that were refused, and clocks may differ by a little.
        self.assertEqual(self.outcome(LIST_UNITS, good), ("OK", ""))
        late = key.token(claims(exp=int(time.time()) - LEEWAY_SECONDS // 2))
        self.assertEqual(self.outcome(LIST_UNITS, late), ("OK", ""))

    def test_4_a_new_key_is_taken_and_an_old_one_refused_without_a_restart(self):
        started = [self.system.inspect(service)["State"]["StartedAt"] for service in SERVICES]
        old = self.provider.keys["ES256"]
        subject = PEOPLE["ES256"][0]
        self.provider.keys["ES256"] = tokens.Key(self.provider.folder, "ES256", "ES256-2")
        new = functools.partial(self.provider.token, "ES256", sub=subject)
        # Until they are published nothing has changed.
        self.assertEqual(self.outcome(LIST_UNITS, old.token(self.provider.claims(sub=subject))), ("OK", ""))
        self.provider.publish()
        for method, let_in in READS.items():
            wait_for(f"{method} takes the new key",
                     lambda method=method, let_in=let_in: self.outcome(method, new()) == let_in, KEYS_SECONDS)
            self.assertEqual(self.outcome(method, old.token(self.provider.claims(sub=subject))), REFUSED, method)
            # The other keys are what they were.
            other = self.provider.token("EdDSA", sub=PEOPLE["EdDSA"][0])
            self.assertEqual(self.outcome(method, other), let_in, method)
        self.assert_refused(old.token(self.provider.claims(sub=subject)), "key_unknown")
        self.assertEqual([self.system.inspect(service)["State"]["StartedAt"] for service in SERVICES], started)

    def test_5_people_go_on_while_the_provider_is_away(self):
        self.system.compose("stop", "-t", "1", "provider")
        with tempfile.TemporaryDirectory() as folder:
            unknown = tokens.Key(Path(folder), "EdDSA", "asked-for")

        def not_fetched():
            # Whoever names an unknown key makes the services ask.
            self.outcome(LIST_UNITS, f"{tokens.part(unknown.header())}.{tokens.part(self.provider.claims())}.AAAA")
            return '"event":"keys.not_fetched"' in docker("logs", "--tail", "50", self.system.container("registry"))

        wait_for("the registry cannot fetch the keys", not_fetched, KEYS_SECONDS)
        for algorithm, (subject, _) in PEOPLE.items():
            token = self.provider.token(algorithm, sub=subject)
            self.assertEqual(self.outcome(LIST_UNITS, token), ("OK", ""), algorithm)


if __name__ == "__main__":
    unittest.main()
