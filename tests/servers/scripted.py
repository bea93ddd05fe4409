"""What both test servers share: a folder of numbered files, and a script of answers.

The script is a text file with one answer per line. Each request takes the first line away; when the
file is empty or missing, everything is accepted. A test may write it anew at any time (write a
temporary file, then rename it).
"""

import os
import threading


class Script:
    """Answers in the order of a file's lines. Thread-safe."""

    def __init__(self, path):
        self._path = path
        self._lock = threading.Lock()

    def next(self):
        """The next line, or "" when there is none."""
        with self._lock:
            try:
                with open(self._path, encoding="utf-8") as file:
                    lines = [line.strip() for line in file if line.strip()]
            except FileNotFoundError:
                return ""
            if not lines:
                return ""
            self._replace(self._path, "\n".join(lines[1:]).encode())
            return lines[0]

    @staticmethod
    def _replace(path, content):
        temporary = path + ".tmp"
        with open(temporary, "wb") as file:
            file.write(content)
        os.replace(temporary, path)


class Folder:
    """Keeps what arrives as 000001<suffix>, 000002<suffix>, …, each complete from its first moment."""

    def __init__(self, path, suffix):
        os.makedirs(path, exist_ok=True)
        self._path = path
        self._suffix = suffix
        self._lock = threading.Lock()
        self._count = sum(name.endswith(suffix) for name in os.listdir(path))

    def keep(self, content):
        with self._lock:
            self._count += 1
            name = os.path.join(self._path, f"{self._count:06d}{self._suffix}")
            with open(name + ".tmp", "wb") as file:
                file.write(content)
            os.rename(name + ".tmp", name)
