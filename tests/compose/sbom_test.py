"""The SPDX document in each image says what SPDX 2.3 requires, and what is in the image."""

import json
import re
import unittest

from system import REPOSITORY, docker, version

IMAGES = ("programs", "nats", "redis", "haproxy", "prometheus", "postgres")
PROGRAMS = ("dondoc", "dondoc-admin", "dondoc-registry", "dondoc-kpi", "dondoc-inspection",
            "dondoc-notification")
ID = re.compile(r"SPDXRef-[A-Za-z0-9.-]+")
# Of https://spdx.github.io/spdx-spec/v2.3/, what a document, a package, a file and a bond must have.
DOCUMENT_FIELDS = {"spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace",
                   "creationInfo"}
PACKAGE_FIELDS = {"name", "SPDXID", "downloadLocation"}
FILE_FIELDS = {"fileName", "SPDXID", "checksums"}
RELATIONSHIP_FIELDS = {"spdxElementId", "relationshipType", "relatedSpdxElement"}


def in_image(image, *command):
    """What a command in a container of this image prints."""
    return docker("run", "--rm", "--network", "none", f"dondoc/{image}:{version()}", *command)


def document_of(image):
    """The SPDX document of an image."""
    return json.loads(in_image(image, "cat", "/usr/share/dondoc/sbom.spdx.json"))


class SbomTest(unittest.TestCase):
    """Each image on its own."""

    def test_the_document_has_what_spdx_requires(self):
        for image in IMAGES:
            with self.subTest(image):
                self.check_document(document_of(image))

    def check_document(self, document):
        self.assertEqual(DOCUMENT_FIELDS - document.keys(), set())
        self.assertEqual(document["spdxVersion"], "SPDX-2.3")
        self.assertEqual(document["dataLicense"], "CC0-1.0")
        self.assertEqual(document["SPDXID"], "SPDXRef-DOCUMENT")
        self.assertRegex(document["documentNamespace"], r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertRegex(document["creationInfo"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertTrue(document["creationInfo"]["creators"][0].startswith("Tool: "))
        for package in document["packages"]:
            self.assertEqual(PACKAGE_FIELDS - package.keys(), set(), package)
        for file in document["files"]:
            self.assertEqual(FILE_FIELDS - file.keys(), set(), file)
            self.assertIn("SHA1", [checksum["algorithm"] for checksum in file["checksums"]])
        ids = [element["SPDXID"] for element in document["packages"] + document["files"]]
        self.assertEqual(len(ids), len(set(ids)))
        for identity in ids:
            self.assertRegex(identity, ID)
        described = set()
        for relationship in document["relationships"]:
            self.assertEqual(RELATIONSHIP_FIELDS - relationship.keys(), set(), relationship)
            described.add(relationship["relatedSpdxElement"])
            self.assertIn(relationship["spdxElementId"], {"SPDXRef-DOCUMENT", *ids})
        # Everything hangs together, from the document on.
        self.assertEqual(described, set(ids))

    def test_the_packages_are_those_that_are_installed(self):
        for image in IMAGES:
            with self.subTest(image):
                installed = in_image(image, "dpkg-query", "-W", "-f", "${Package} ${Version}\n")
                told = {f"{package['name']} {package['versionInfo']}"
                        for package in document_of(image)["packages"]
                        if package["SPDXID"].startswith("SPDXRef-Installed-")}
                self.assertEqual(told, set(installed.splitlines()))

    def test_our_programs_are_told_with_their_version_and_commit(self):
        document = document_of("programs")
        image = document["packages"][0]
        self.assertEqual(image["versionInfo"], version())
        self.assertRegex(image["sourceInfo"], r"^commit ([0-9a-f]{40}|unknown)$")
        for program in PROGRAMS:
            path = f"/usr/local/bin/{program}"
            file = next(file for file in document["files"] if file["fileName"] == path)
            sums = {checksum["algorithm"]: checksum["checksumValue"]
                    for checksum in file["checksums"]}
            self.assertEqual(sums["SHA256"], in_image("programs", "sha256sum", path).split()[0])
        linked = {relationship["relatedSpdxElement"] for relationship in document["relationships"]
                  if relationship["relationshipType"] == "STATIC_LINK"}
        self.assertTrue(any("nlohmann-json3-dev" in element for element in linked), linked)

    def test_every_image_of_the_files_is_looked_at(self):
        files = [REPOSITORY / "docker-compose.yml", *(REPOSITORY / "deploy").glob("compose.*.yml")]
        used = [image for file in files
                for image in re.findall(r'image: "dondoc/([a-z]+):', file.read_text("utf-8"))]
        self.assertEqual(set(used), set(IMAGES))


if __name__ == "__main__":
    unittest.main()
