"""How much memory each part of a composed system takes, watched from outside."""

import json
import threading
from pathlib import Path

from system import docker

CGROUPS = Path("/sys/fs/cgroup")
INTERVAL_SECONDS = 0.25


def statistics_file(pid):
    """The memory.stat of the control group that a process is in, and the field that counts."""
    for line in Path(f"/proc/{pid}/cgroup").read_text(encoding="ascii").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "memory":
            return CGROUPS / "memory" / path[1:] / "memory.stat", "total_rss"
        if controllers == "" and (CGROUPS / path[1:] / "memory.stat").exists():
            return CGROUPS / path[1:] / "memory.stat", "anon"
    raise AssertionError(f"process {pid} is in no control group for memory")


class MemoryWatch:
    """From entering to leaving: the most that each part took of memory that cannot be given back.

    What a part has mapped and cached is not counted: the kernel takes that back when it wants to.
    """

    def __init__(self, system):
        self.limits = {}
        self.peaks = dict.fromkeys(system.parts, 0)
        self.files = {}
        self.states = {}
        for part in system.parts:
            known = json.loads(docker("inspect", system.container(part)))[0]
            self.limits[part] = known["HostConfig"]["Memory"]
            self.files[part] = statistics_file(known["State"]["Pid"])
            self.states[part] = (known["Id"], known["RestartCount"])
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def _run(self):
        while not self.ended.wait(INTERVAL_SECONDS):
            for part, (file, field) in self.files.items():
                try:
                    text = file.read_text(encoding="ascii")
                except OSError:
                    # Its container has ended, which fallen() tells.
                    continue
                for line in text.splitlines():
                    name, _, value = line.partition(" ")
                    if name == field:
                        self.peaks[part] = max(self.peaks[part], int(value))

    def fallen(self):
        """The parts whose container has ended since, for want of memory or otherwise."""
        fallen = []
        for part, (container, restarts) in self.states.items():
            known = json.loads(docker("inspect", container))[0]
            state = known["State"]
            if state["OOMKilled"] or not state["Running"] or known["RestartCount"] != restarts:
                fallen.append(part)
        return fallen
