"""Keys of an identity provider, made by openssl, and tokens that they sign."""

import base64
import hashlib
import hmac
import json
import subprocess
import tempfile

KINDS = {
    "RS256": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "ES256": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "EdDSA": ("-algorithm", "ED25519"),
}
P256_BYTES = 32


def openssl(*arguments, stdin=b""):
    """What openssl answers."""
    return subprocess.run(("openssl", *map(str, arguments)), input=stdin, check=True, capture_output=True).stdout


def base64url(data):
    """As RFC 7515 writes bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def part(fields):
    """A header or a payload as it stands in a token."""
    return base64url(json.dumps(fields).encode())


def two_numbers(der):
    """A signature of P-256 as JOSE writes it: two numbers of 32 bytes; openssl writes DER."""
    numbers, at = [], 2
    for _ in range(2):
        size = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + size], "big"))
        at += 2 + size
    return b"".join(number.to_bytes(P256_BYTES, "big") for number in numbers)


class Key:
    """A key of an issuer, under its id; the file of its private half stays in a folder."""

    def __init__(self, folder, algorithm, name):
        self.algorithm = algorithm
        self.name = name
        self.file = folder / f"{name}.key"
        openssl("genpkey", *KINDS[algorithm], "-out", self.file)

    def public(self):
        """Its public half, PEM."""
        return openssl("pkey", "-in", self.file, "-pubout")

    def jwk(self):
        """Its public half, as a JWK set lists it."""
        der = openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")
        fields = {"kid": self.name, "use": "sig", "alg": self.algorithm}
        if self.algorithm == "EdDSA":
            return {**fields, "kty": "OKP", "crv": "Ed25519", "x": base64url(der[-P256_BYTES:])}
        if self.algorithm == "ES256":
            return {**fields, "kty": "EC", "crv": "P-256", "x": base64url(der[-2 * P256_BYTES:-P256_BYTES]),
                    "y": base64url(der[-P256_BYTES:])}
        modulus = openssl("rsa", "-in", self.file, "-noout", "-modulus").strip().partition(b"=")[2]
        return {**fields, "kty": "RSA", "n": base64url(bytes.fromhex(modulus.decode("ascii"))), "e": "AQAB"}

    def sign(self, message):
        """The signature of a message, as JOSE writes it."""
        if self.algorithm == "EdDSA":
            with tempfile.NamedTemporaryFile() as file:
                file.write(message)
                file.flush()
                return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.file, "-in", file.name)
        signature = openssl("dgst", "-sha256", "-sign", self.file, stdin=message)
        return two_numbers(signature) if self.algorithm == "ES256" else signature

    def header(self):
        """The header of its tokens."""
        return {"alg": self.algorithm, "typ": "JWT", "kid": self.name}

    def token(self, claims):
        """A token that says `claims`."""
        signed = f"{part(self.header())}.{part(claims)}"
        return f"{signed}.{base64url(self.sign(signed.encode('ascii')))}"


def unsigned(key, claims):
    """A token that says it needs no signature."""
    return f"{part({**key.header(), 'alg': 'none'})}.{part(claims)}."


def signed_with_what_is_public(key, claims):
    """A token whose shared secret is the public half of a key, which everybody has."""
    signed = f"{part({**key.header(), 'alg': 'HS256'})}.{part(claims)}"
    return f"{signed}.{base64url(hmac.digest(key.public(), signed.encode('ascii'), hashlib.sha256))}"


def with_payload_of(token, claims):
    """A token that was signed, and says something else since."""
    header, _, signature = token.split(".")
    return f"{header}.{part(claims)}.{signature}"
