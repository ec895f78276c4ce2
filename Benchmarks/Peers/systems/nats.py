"""NATS: servers of one cluster, each with a route to every other one."""

import pathlib
import subprocess

from systems.base import System, get_json
from world import World


class Nats(System):
    name = "nats"
    settings = "cluster of routes, every server lists the others"
    log_patterns = {"duplicate routes": r"Duplicate Route|duplicate route", "stale": r"Stale Connection"}

    def version(self) -> str:
        return subprocess.run(["nats-server", "--version"], capture_output=True, text=True, check=True).stdout.split()[-1].lstrip("v")

    def prepare(self, folder: pathlib.Path, world: World) -> None:
        self._folder = folder
        for node in range(world.count):
            routes = ", ".join(
                f"nats://{world.address(other)}:6222" for other in range(world.count) if other != node
            )
            (folder / f"node{node + 1}.conf").write_text(
                f"server_name: n{node + 1}\nlisten: 0.0.0.0:4222\nhttp: 127.0.0.1:8222\n"
                f"cluster {{ name: peers, listen: {world.address(node)}:6222, routes: [{routes}] }}\n"
            )
        self._world = world

    def command(self, node: int) -> list[str]:
        return ["nats-server", "-c", str(self._folder / f"node{node + 1}.conf")]

    def peers(self, node: int) -> set[int]:
        routes = get_json("http://127.0.0.1:8222/routez")["routes"] or []
        return {host for route in routes if (host := self._world.host(route["ip"])) is not None}
