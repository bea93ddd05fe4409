"""What dondoc-secrets makes, renews and takes back, in an installation that goes on meanwhile."""

import json
import ssl
import subprocess
import time
import unittest

import h2
from caller import Load
from system import SERVICES, System, docker, wait_for

BACK_SECONDS = 60
LOAD_SECONDS = 2
# As dondoc-secrets makes one, but it ends within a month.
SHORT_LIVED = r"""
set -e
cd /secrets/{service}
openssl req -new -key certificate.key -subj /O=Dondoc/CN={service} -out /tmp/csr
printf 'extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:{service},DNS:localhost,IP:127.0.0.1\n' > /tmp/extensions
openssl x509 -req -in /tmp/csr -CA ../authority/services.pem -CAkey ../authority/services.key -days 20 \
  -set_serial 0x$(openssl rand -hex 16) -extfile /tmp/extensions -out certificate.pem
"""


class SecretsTest(unittest.TestCase):
    """One system for all cases, which run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.system = cls.enterClassContext(System())

    def restart(self, part):
        """Restarts one part, and waits until it is well."""
        self.system.compose("restart", part)
        wait_for(f"{part} is well", lambda: self.system.healthy(part), BACK_SECONDS)

    def let_in(self, folder):
        """Whether the edge takes the certificate in this folder."""
        context = ssl.create_default_context(cafile=folder / "ca.pem")
        context.set_alpn_protocols(["h2"])
        context.load_cert_chain(folder / "certificate.pem", folder / "certificate.key")
        try:
            connection = h2.Connection(self.system.port, context)
        except ssl.SSLError:
            return False
        try:
            return connection.answer(h2.call(b"/nowhere")) == 404
        except ssl.SSLError:
            return False
        finally:
            connection.close()

    def test_1_a_revoked_system_is_refused_and_let_in_with_a_new_certificate(self):
        revoked = self.system.certificate_of("thu-hoi")
        other = self.system.certificate_of("con-lai")
        self.assertTrue(self.let_in(revoked))
        self.system.compose("run", "--rm", "-T", "issuer", "revoke", "thu-hoi")
        self.restart("edge")
        self.assertFalse(self.let_in(revoked))
        self.assertTrue(self.let_in(other))

        again = revoked.rename(revoked.with_name("thu-hoi-1"))
        self.assertTrue(self.let_in(self.system.certificate_of("thu-hoi")))
        self.assertFalse(self.let_in(again))
        # The list is made again at each start, and keeps whom it names.
        self.system.compose("up", "-d", "--no-build")
        self.restart("edge")
        self.assertFalse(self.let_in(again))
        self.assertTrue(self.let_in(other))
        self.assertNotEqual(self.system.run_compose("run", "--rm", "-T", "issuer", "revoke", "khong-co").returncode, 0)

    def test_2_a_key_that_is_printed_is_in_no_log(self):
        for service, command in (("issuer", ("system", "nhat-ky")), ("keys", ("cat", "authority/systems.key")),
                                 ("operator", ("true",))):
            container = self.system.compose("run", "-d", "--no-deps", service, *command).split()[-1]
            self.addCleanup(docker, "rm", "-f", container)
            self.assertEqual(json.loads(docker("inspect", container))[0]["HostConfig"]["LogConfig"]["Type"], "none")

    def test_3_another_name_of_the_edge_gets_into_its_certificate(self):
        self.system.settings["DONDOC_EDGE_NAMES"] = "localhost,127.0.0.1,::1,dondoc.thu.vn"
        self.system.compose("up", "-d", "--no-build")
        names = self.in_secrets("openssl x509 -in edge/server.pem -noout -ext subjectAltName")
        self.assertIn("DNS:dondoc.thu.vn", names)
        serial = self.in_secrets("openssl x509 -in edge/server.pem -noout -serial")
        self.system.compose("run", "--rm", "-T", "secrets")
        # Nothing is made again for no reason.
        self.assertEqual(self.in_secrets("openssl x509 -in edge/server.pem -noout -serial"), serial)

    def in_secrets(self, script):
        """Runs a script among the secrets."""
        return self.system.compose("run", "--rm", "-T", "keys", "bash", "-c", script)

    def serials(self):
        """The serials of the certificates that the services have, by service."""
        lines = self.in_secrets("; ".join(f"openssl x509 -in {service}/certificate.pem -noout -serial"
                                          for service in SERVICES))
        return dict(zip(SERVICES, lines.split(), strict=True))

    def serial_in_use(self, service):
        """The serial of the certificate that a service shows its callers."""
        port = 7401 + SERVICES.index(service)
        return docker("exec", self.system.container(service), "bash", "-c",
                      f"openssl s_client -connect 127.0.0.1:{port} < /dev/null 2> /dev/null |"
                      " openssl x509 -noout -serial").strip()

    def test_4_certificates_are_renewed_while_callers_go_on(self):
        certificates = self.system.certificate_folder()
        self.in_secrets("\n".join(SHORT_LIVED.format(service=service) for service in SERVICES))
        before = self.serials()
        self.system.compose("run", "--rm", "-T", "secrets")
        made = self.serials()
        with Load(self.system.port, certificates) as load:
            self.restart("nats")
            for service in SERVICES:
                time.sleep(LOAD_SECONDS)
                self.restart(service)
                self.assertNotEqual(made[service], before[service], service)
                self.assertEqual(self.serial_in_use(service), made[service], service)
            time.sleep(LOAD_SECONDS)
        self.assertEqual(load.failed, [])

    def serial_of_the_edge(self):
        """The serial of the certificate that callers are shown."""
        pem = ssl.get_server_certificate(("127.0.0.1", self.system.port))
        return subprocess.run(("openssl", "x509", "-noout", "-serial"), input=pem, text=True, capture_output=True,
                              check=True).stdout.strip()

    def test_4_the_edge_takes_up_another_certificate_without_a_pause(self):
        certificates = self.system.certificate_folder()
        before = self.serial_of_the_edge()
        self.in_secrets("rm edge/server.pem")
        self.system.compose("run", "--rm", "-T", "secrets")
        made = self.in_secrets("openssl x509 -in edge/server.pem -noout -serial").strip()
        self.assertNotEqual(made, before)
        with Load(self.system.port, certificates) as load:
            time.sleep(LOAD_SECONDS)
            self.system.compose("kill", "-s", "USR2", "edge")
            wait_for("callers are shown the new one", lambda: self.serial_of_the_edge() == made, BACK_SECONDS)
            # Until the process of before has ended with all that it had.
            wait_for("calls go on by the new one", lambda: self.workers_of_the_edge() == 1, BACK_SECONDS)
            answered = len(load.written)
            wait_for("writes go on", lambda: len(load.written) > answered, BACK_SECONDS)
        self.assertEqual(load.failed, [])
        self.assertTrue(self.system.healthy("edge"))

    def workers_of_the_edge(self):
        """How many processes of HAProxy serve, beside the one that watches over them."""
        processes = docker("top", self.system.container("edge"), "-o", "pid,args").splitlines()
        return sum("haproxy" in line and "docker-init" not in line for line in processes) - 1

    def test_5_the_broker_speaks_to_nobody_without_a_certificate(self):
        # With the right user and password; what the broker says first tells what it asks for.
        said = docker("exec", self.system.container("registry"), "bash", "-c",
                      "exec 3<> /dev/tcp/nats/4222; IFS= read -r info <&3; printf '%s\\n' \"$info\";"
                      " password=$(cat /secrets/registry/nats-password);"
                      " printf 'CONNECT {\"user\":\"registry\",\"pass\":\"%s\"}\\r\\nPING\\r\\n' \"$password\" >&3;"
                      " timeout 10 cat <&3")
        info, _, rest = said.partition("\n")
        asked = json.loads(info.removeprefix("INFO "))
        self.assertTrue(asked["tls_required"])
        self.assertTrue(asked["tls_verify"])
        # It hangs up; rights_test.py has the answer over TLS.
        self.assertNotIn("PONG", rest)


if __name__ == "__main__":
    unittest.main()
