"""serf: membership by SWIM, over UDP and TCP."""

import pathlib
import re
import subprocess

from systems.base import System
from world import World


class Serf(System):
    name = "serf"
    settings = "profile `lan`"
    log_patterns = {"refutations": r"Refuting a suspect message", "suspicions": r"Suspect \S+ has failed"}

    def version(self) -> str:
        text = subprocess.run(["serf", "version"], capture_output=True, text=True, check=True).stdout
        return text.split()[-1] if "Agent" not in text else re.sub(r"^Serf v?", "", text.splitlines()[0])

    def prepare(self, folder: pathlib.Path, world: World) -> None:
        self._folder, self._world = folder, world
        # How far each log has been read, and who is alive by it.
        self._read = [0] * world.count
        self._alive: list[set[int] | None] = [None] * world.count

    def command(self, node: int) -> list[str]:
        join = [f"-retry-join={self._world.address(other)}" for other in range(self._world.count) if other != node]
        return ["serf", "agent", f"-node=n{node + 1}", f"-bind={self._world.address(node)}:7946", "-profile=lan"] + join

    def started(self, node: int) -> None:
        self._alive[node] = None

    def ended(self, node: int) -> None:
        self._alive[node] = None

    def peers(self, node: int) -> set[int] | None:
        """By the events that it logs in the moment in which its table changes."""
        with open(self._folder / f"node{node + 1}.log", "rb") as log:
            log.seek(self._read[node])
            text = log.read()
        end = text.rfind(b"\n") + 1
        self._read[node] += end
        for line in text[:end].decode(errors="replace").splitlines():
            if "Starting Serf agent..." in line:
                self._alive[node] = set()
            event = re.search(r"serf: EventMember(Join|Failed|Leave|Reap): n(\d+) ", line)
            alive = self._alive[node]
            if event is None or alive is None or int(event[2]) - 1 == node:
                continue
            (alive.add if event[1] == "Join" else alive.discard)(int(event[2]) - 1)
        alive = self._alive[node]
        return None if alive is None else set(alive)
