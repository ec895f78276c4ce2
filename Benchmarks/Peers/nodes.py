"""The processes of one network, each in its namespace, and their logs."""

import os
import pathlib
import signal
import subprocess
import time

from observe import Watch
from systems.base import System
from world import World


class Nodes:
    def __init__(self, system: System, world: World, folder: pathlib.Path):
        self.system = system
        self.world = world
        self.folder = folder
        self._running: list[subprocess.Popen | None] = [None] * world.count
        system.prepare(folder, world)
        self.watch = Watch(world, self._ask)

    def log(self, node: int) -> pathlib.Path:
        return self.folder / f"node{node + 1}.log"

    def _ask(self, node: int) -> set[int] | None:
        process = self._running[node]
        if process is None or process.poll() is not None:
            return None
        answer = self.system.peers(node)
        # What the process said before it was ended counts no more.
        return answer if self._running[node] is process else None

    def start(self, node: int) -> None:
        with open(self.log(node), "ab") as log:
            self._running[node] = subprocess.Popen(
                self.world.command(node, self.system.command(node)),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, **self.system.environment()}, cwd=self.folder,
            )
        self.system.started(node)

    def start_all(self) -> None:
        """One after the other: some programs wait a minute before they dial again who was not there yet."""
        for node in range(self.world.count):
            self.start(node)
            if not self.watch.wait(lambda: self.watch.view(node) is not None, time.monotonic() + 60):
                raise RuntimeError(f"{self.system.name}: node {node + 1} does not answer; see {self.log(node)}")

    def kill(self, node: int) -> None:
        process = self._running[node]
        if process is None:
            return
        self._running[node] = None
        self.system.ended(node)
        process.kill()
        process.wait()
        self.watch.forget(node)

    def freeze(self, node: int) -> None:
        self._signal(node, signal.SIGSTOP)

    def thaw(self, node: int) -> None:
        self._signal(node, signal.SIGCONT)

    def _signal(self, node: int, number: int) -> None:
        process = self._running[node]
        if process is not None:
            process.send_signal(number)

    def is_whole(self) -> bool:
        """Every node names every other one."""
        count = self.world.count
        return all(
            view is not None and len(view - {node}) == count - 1 for node, view in enumerate(self.watch.views())
        )

    def start_anew(self, within: float) -> None:
        """Every process anew, so that no case meets what another one has left behind; whole in the end."""
        self.stop_all()
        self.world.heal()
        self.start_all()
        if self.watch.wait_steadily(self.is_whole, time.monotonic() + within) is None:
            raise RuntimeError(f"{self.system.name}: the network is not whole; see {self.folder}")

    def stop_all(self) -> None:
        for node in range(self.world.count):
            self.kill(node)

    def log_marks(self) -> list[int]:
        return [self.log(node).stat().st_size for node in range(self.world.count)]

    def log_since(self, marks: list[int], only: int | None = None) -> str:
        text = []
        for node, mark in enumerate(marks):
            if only is None or only == node:
                with open(self.log(node), "rb") as log:
                    log.seek(mark)
                    text.append(log.read().decode(errors="replace"))
        return "\n".join(text)

    def close(self) -> None:
        self.watch.stop()
        self.stop_all()
