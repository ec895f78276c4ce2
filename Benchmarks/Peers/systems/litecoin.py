"""litecoind: the peer-to-peer layer of the Bitcoin Core code line, on a private chain."""

import base64
import json
import pathlib
import subprocess

from systems.base import System, get_json
from world import World

_RPC = 19443


class Litecoin(System):
    name = "litecoind"
    settings = "regtest; each node dials those before it by `addnode`"

    def version(self) -> str:
        text = subprocess.run(["litecoind", "--version"], capture_output=True, text=True, check=True).stdout
        return text.split("version v")[1].split("-")[0].split()[0]

    def prepare(self, folder: pathlib.Path, world: World) -> None:
        self._folder, self._world = folder, world
        for node in range(world.count):
            (folder / f"node{node + 1}").mkdir()

    def command(self, node: int) -> list[str]:
        return [
            "litecoind", "-regtest", f"-datadir={self._folder / f'node{node + 1}'}", "-listen=1",
            f"-bind={self._world.address(node)}", f"-rpcport={_RPC}", "-listenonion=0", "-discover=0", "-dnsseed=0",
            "-disablewallet", "-printtoconsole", "-debug=net",
        ] + [f"-addnode={self._world.address(other)}" for other in range(node)]

    def ended(self, node: int) -> None:
        (self._folder / f"node{node + 1}" / "regtest" / ".cookie").unlink(missing_ok=True)

    def peers(self, node: int) -> set[int]:
        cookie = (self._folder / f"node{node + 1}" / "regtest" / ".cookie").read_bytes()
        answer = get_json(
            f"http://127.0.0.1:{_RPC}/",
            json.dumps({"method": "getpeerinfo", "params": [], "id": 1}).encode(),
            {"Authorization": "Basic " + base64.b64encode(cookie).decode()},
        )
        # A peer that has not said its version yet is no peer yet.
        return {
            host for peer in answer["result"]
            if peer["version"] != 0 and (host := self._world.host(peer["addr"])) is not None
        }
