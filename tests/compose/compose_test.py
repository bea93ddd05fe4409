"""The composed system, used and hurt from outside. Run by tests/compose/run."""

import json
import ssl
import subprocess
import unittest

import h2
from system import PARTS, System, wait_for

PLANS = "/usr/share/dondoc/plans/cchc-2023"
# A part that was killed is back and well within this.
BACK_SECONDS = 60


def greet(port, context):
    """Begins HTTP/2 with the edge; the kind of its first frame, or the error of TLS."""
    connection = h2.Connection(port, context)
    try:
        return connection.read()[0]
    finally:
        connection.close()


class ComposeTest(unittest.TestCase):
    """One system for all cases, which run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(System())
        cls.certificates = cls.system.certificate_folder()

    def context(self, with_certificate=True):
        """TLS as a caller of the edge speaks it."""
        context = ssl.create_default_context(cafile=self.certificates / "ca.pem")
        context.set_alpn_protocols(["h2"])
        if with_certificate:
            context.load_cert_chain(self.certificates / "certificate.pem",
                                    self.certificates / "certificate.key")
        return context

    def test_1_the_plan_is_imported_through_the_edge(self):
        self.system.dondoc("unit", "import", f"{PLANS}/units.csv")
        self.system.dondoc("plan", "import", f"{PLANS}/ke-hoach.txt", "--id", "cchc-2023")
        self.assertEqual(self.tasks(), 46)
        wait_for("kpi knows the plan's targets",
                 lambda: self.system.ask("kpi", "board", "--plan", "cchc-2023").get("rows"), 60)

    def tasks(self):
        """How many tasks a caller sees; nothing while the edge cannot answer."""
        text = self.system.dondoc("task", "list", "--plan", "cchc-2023", "--json", check=False)
        return len(json.loads(text)["tasks"]) if text else 0

    def test_2_only_a_certificate_of_the_authority_opens_the_edge(self):
        self.assertEqual(greet(self.system.port, self.context()), h2.SETTINGS)
        with self.assertRaises(ssl.SSLError):
            greet(self.system.port, self.context(with_certificate=False))
        stranger = self.context(with_certificate=False)
        key, certificate = (str(self.certificates / name) for name in ("x.key", "x.pem"))
        subprocess.run(("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=he-thong-mau", "-days",
                        "1", "-keyout", key, "-out", certificate), check=True, capture_output=True)
        stranger.load_cert_chain(certificate, key)
        with self.assertRaises(ssl.SSLError):
            greet(self.system.port, stranger)

    def test_3_nothing_else_is_open_and_nobody_has_rights(self):
        for part in PARTS:
            known = self.system.inspect(part)
            published = [port for port, hosts in known["NetworkSettings"]["Ports"].items() if hosts]
            expected = {"edge": ["8443/tcp"], "prometheus": ["9090/tcp"]}.get(part, [])
            self.assertEqual(published, expected, part)
            host = known["HostConfig"]
            self.assertTrue(host["ReadonlyRootfs"], part)
            self.assertEqual(host["CapDrop"], ["ALL"], part)
            self.assertIn("no-new-privileges:true", host["SecurityOpt"], part)
            self.assertEqual(known["Config"]["User"], "10001:10001", part)
            self.assertGreater(host["Memory"], 0, part)
            self.assertGreater(host["PidsLimit"], 0, part)

    def test_4_each_part_comes_back(self):
        for part in PARTS:
            with self.subTest(part):
                before = self.system.inspect(part)["RestartCount"]
                self.system.crash(part)
                wait_for(f"{part} was started again",
                         lambda: self.system.inspect(part)["RestartCount"] > before, BACK_SECONDS)
                wait_for(f"{part} is well", lambda: self.system.healthy(part), BACK_SECONDS)
        wait_for("a caller sees all 46 tasks", lambda: self.tasks() == 46, BACK_SECONDS)


if __name__ == "__main__":
    unittest.main()
