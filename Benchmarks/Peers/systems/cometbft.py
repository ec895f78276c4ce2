"""CometBFT: validators of `injectived`, which the Python package injective-core carries."""

import os
import pathlib
import re
import shutil
import subprocess

from systems.base import System, get_json
from world import World

_CHAIN = "peers-1"


class CometBFT(System):
    name = "cometbft"
    settings = "4 validators of `injectived`, each names the others as persistent peers"
    log_patterns = {"refused as duplicate": r"(?:Inbound Peer rejected|Ignoring inbound connection).*duplicate", "errors": r" ERR "}

    def __init__(self, tools: pathlib.Path):
        super().__init__(tools)
        found = sorted(tools.glob("venv/lib/python3*/site-packages/injective_core/bin/injectived-linux-*"))
        self._program = found[0] if found else tools / "injectived"

    def environment(self) -> dict[str, str]:
        return {**os.environ, "LD_LIBRARY_PATH": str(self._program.parent)}

    def _tool(self, home: pathlib.Path, *arguments: str) -> str:
        done = subprocess.run(
            [self._program, *arguments, "--home", home], capture_output=True, text=True, env=self.environment()
        )
        if done.returncode != 0:
            raise RuntimeError(f"injectived {' '.join(arguments)}: {done.stderr[-500:]}")
        return done.stdout

    def version(self) -> str:
        """CometBFT's own, and the program's around it."""
        run = lambda *arguments: subprocess.run(
            [self._program, *arguments], capture_output=True, text=True, env=self.environment()
        )
        comet = re.search(r"tendermint\W+v?(\d[\w.-]*)|cometbft\W+v?(\d[\w.-]*)", run("comet", "version").stdout.lower())
        program = re.search(r"v(\d[\w.]*)", run("version").stdout)
        return f"{next(filter(None, comet.groups())) if comet else '?'} (injectived {program[1] if program else '?'})"

    def prepare(self, folder: pathlib.Path, world: World) -> None:
        """A chain of as many validators: keys, their first transactions, and one genesis for all."""
        self._folder, self._world = folder, world
        homes = [folder / f"node{node + 1}" for node in range(world.count)]
        addresses, identities = [], []
        for node, home in enumerate(homes):
            self._tool(home, "init", f"n{node + 1}", "--chain-id", _CHAIN)
            self._tool(home, "keys", "add", "v", "--keyring-backend", "test")
            addresses.append(self._tool(home, "keys", "show", "v", "-a", "--keyring-backend", "test").strip())
            identities.append(self._tool(home, "comet", "show-node-id").strip())
        first = homes[0]
        for address in addresses:
            self._tool(first, "genesis", "add-genesis-account", address, f"1{'0' * 20}stake", "--chain-id", _CHAIN)
        for home in homes[1:]:
            shutil.copy(first / "config" / "genesis.json", home / "config" / "genesis.json")
        for node, home in enumerate(homes):
            self._tool(
                home, "genesis", "gentx", "v", f"1{'0' * 18}stake", "--chain-id", _CHAIN, "--keyring-backend", "test",
                "--output-document", str(folder / f"gentx{node + 1}.json"),
            )
        (first / "config" / "gentx").mkdir(exist_ok=True)
        for node in range(world.count):
            shutil.copy(folder / f"gentx{node + 1}.json", first / "config" / "gentx")
        self._tool(first, "genesis", "collect-gentxs")
        for node, home in enumerate(homes):
            if node > 0:
                shutil.copy(first / "config" / "genesis.json", home / "config" / "genesis.json")
            peers = ",".join(
                f"{identity}@{world.address(other)}:26656" for other, identity in enumerate(identities) if other != node
            )
            config = home / "config" / "config.toml"
            text = re.sub(r'(?m)^persistent_peers = ".*"$', f'persistent_peers = "{peers}"', config.read_text())
            # Private addresses count as none otherwise, and the nodes here have no others.
            config.write_text(text.replace("addr_book_strict = true", "addr_book_strict = false"))

    def command(self, node: int) -> list[str]:
        return [str(self._program), "start", "--home", str(self._folder / f"node{node + 1}"), "--log-no-color"]

    def peers(self, node: int) -> set[int]:
        answer = get_json("http://127.0.0.1:26657/net_info")
        return {
            host for peer in answer["result"]["peers"] if (host := self._world.host(peer["remote_ip"])) is not None
        }
