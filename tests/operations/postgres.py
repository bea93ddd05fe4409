"""A PostgreSQL server for a test, with an empty cluster of its own."""

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile

USER = "postgres"


def _as_user(command):
    """As root it runs as the user that Debian's package makes, because postgres refuses root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", *command]


class Postgres:
    """Use as a context: at the end the server has ended and its folder is gone."""

    def __init__(self, port):
        self.port = port
        self.folder = tempfile.mkdtemp(prefix="dondoc-postgres-")
        if os.geteuid() == 0:
            user = pwd.getpwnam(USER)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        newest = max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        cluster = os.path.join(self.folder, "cluster")
        subprocess.run(_as_user([os.path.join(newest, "initdb"), "--pgdata", cluster, "--auth=trust",
                                 "--username=dondoc", "--encoding=UTF8", "--locale=C", "--no-sync"]),
                       check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
        self.command = _as_user([os.path.join(newest, "postgres"), "-D", cluster, "-p", str(port), "-h",
                                 "127.0.0.1", "-k", ""])
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.kill()
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Begins, or goes on with its files; ready() says when it answers."""
        self.server = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       cwd=self.folder)

    def stop(self):
        """Ends every session and then the server, in order."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait()

    def ready(self):
        """Whether it takes connections."""
        return subprocess.run(["pg_isready", "-q", "-d", self.url("postgres")], check=False).returncode == 0

    def url(self, database):
        """As a service is told it."""
        return f"postgresql://dondoc@127.0.0.1:{self.port}/{database}?connect_timeout=5"

    def run(self, sql, database="postgres"):
        """What a statement answers."""
        return subprocess.run(["psql", "-X", "-q", "-t", "-A", "-d", self.url(database), "-c", sql],
                              check=True, text=True, capture_output=True).stdout.strip()
