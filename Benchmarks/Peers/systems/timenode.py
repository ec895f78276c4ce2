"""timenode with the profile that ships, and with one line of it changed."""

import datetime
import json
import pathlib
import subprocess

from systems.base import System, get_json
from world import World

_ROOT = pathlib.Path(__file__).resolve().parents[3]


class Timenode(System):
    name = "timenode"
    settings = "`node.yaml`"
    log_patterns = {
        "takeovers": r"takes over from", "refused duplicates": r"\((?:duplicate|stale-dial|identity-in-use)\)",
    }
    overrides: list[str] = []
    # Where the release build is; the command line may name another.
    program = _ROOT / ".build" / "release" / "timenode"

    def version(self) -> str:
        text = subprocess.run([self.program, "version"], capture_output=True, text=True, check=True).stdout
        return text.split()[1]

    def prepare(self, folder: pathlib.Path, world: World) -> None:
        self._folder, self._world = folder, world
        genesis = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines = [
            "name: peers", f"genesis: {genesis}", "slot_interval: 2s", "quorum: 2/3", "minimum_masternodes: 3",
            "masternodes:",
        ]
        for node in range(world.count):
            data = folder / f"node{node + 1}"
            data.mkdir(mode=0o700)
            identity = subprocess.run(
                [self.program, "keys", "new", data / "identity.key"], capture_output=True, text=True, check=True
            ).stdout.strip()
            lines.append(
                f"  - {{name: n{node + 1}, identity: {identity}, host: {world.address(node)}, port: 24100}}"
            )
        (folder / "network.yaml").write_text("\n".join(lines) + "\n")

    def command(self, node: int) -> list[str]:
        sets = [f"node.network_file={self._folder}/network.yaml", f"node.data_dir={self._folder}/node{node + 1}"]
        arguments = [argument for value in sets + self.overrides for argument in ("--set", value)]
        return [str(self.program), "run", str(_ROOT / "node.yaml"), "--log-level", "debug", "--log-format", "json"] + arguments

    def peers(self, node: int) -> set[int]:
        peers = get_json("http://127.0.0.1:8332/peers")["peers"]
        return {
            host for peer in peers
            if peer["state"] == "up" and (host := self._world.host(peer["address"])) is not None
        }

    def handshakes(self, log: str) -> list[float]:
        """From the Hello of the end that dials to its link."""
        took, begun = [], {}
        for text in log.splitlines():
            if '"link"' not in text or not text.startswith("{"):
                continue
            line = json.loads(text)
            link = line["metadata"]["link"]
            if line["message"] == "Handshake begun":
                begun[link] = _time(line["time"])
            elif line["message"].startswith("Handshake completed") and link in begun:
                took.append((_time(line["time"]) - begun.pop(link)).total_seconds() * 1000)
        return took


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


class Keepalive(Timenode):
    name = "timenode-keepalive"
    settings = "`node.yaml`, `--set modules.liveness.use=tcp-keepalive`"
    overrides = ["modules.liveness.use=tcp-keepalive"]


class TimenodeTLS(Timenode):
    name = "timenode-tls"
    settings = "`node.yaml`, `--set modules.transport.use=tls`"
    overrides = ["modules.transport.use=tls"]
