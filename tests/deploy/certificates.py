"""Authorities and certificates for an installation that speaks mutual TLS, good for two days."""

import os
import subprocess


def openssl(folder, *words):
    """Runs openssl in a folder."""
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_authority(folder, name):
    """An authority: files name.ca.pem and name.ca.key."""
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", f"/O=Dondoc/CN={name}", "-keyout", f"{name}.ca.key",
            "-out", f"{name}.ca.pem")


def make_certificate(folder, name, authority):
    """A certificate that serves both sides: files name.pem and name.key."""
    with open(os.path.join(folder, "names"), "w", encoding="utf-8") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", f"/O=Dondoc/OU=systems/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.ca.pem", "-CAkey",
            f"{authority}.ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names",
            "-out", f"{name}.pem")
