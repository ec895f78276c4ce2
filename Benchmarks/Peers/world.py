"""Hosts that are network namespaces with one bridge between them, and what can be done to one of them.

All interfaces are born inside namespaces: the machine's own network never sees one. Packets are dropped at the bridge,
so that a host which is cut off keeps its carrier and is told nothing. ARP goes on: on a routed network the next hop
answers too.
"""

import ctypes
import os
import subprocess

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def tool(*command: str, input: str | None = None) -> str:
    """Runs a program to its end. Raises RuntimeError with its own words where it fails."""
    done = subprocess.run(command, input=input, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def enter(space: str) -> None:
    """Moves the calling thread, and no other, into a namespace."""
    descriptor = os.open(f"/var/run/netns/{space}", os.O_RDONLY)
    try:
        if _libc.setns(descriptor, _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter namespace {space}")
    finally:
        os.close(descriptor)


class World:
    """`count` namespaces on one bridge, host i with the address 10.99.0.(i+1)."""

    def __init__(self, name: str, count: int):
        self.prefix = f"tnp-{os.getpid()}-{name}"[:40]
        self.count = count
        self._bridge = f"{self.prefix}-b"
        try:
            self._build()
        except BaseException:
            self.remove()
            raise

    def space(self, host: int) -> str:
        return f"{self.prefix}-{host + 1}"

    @staticmethod
    def address(host: int) -> str:
        return f"10.99.0.{host + 1}"

    @staticmethod
    def host(address: str) -> int | None:
        """The host of an address such as `10.99.0.2`, `10.99.0.2:7000` or `::ffff:10.99.0.2`."""
        parts = address.rsplit("10.99.0.", 1)
        return int(parts[1].split(":")[0].split("/")[0]) - 1 if len(parts) == 2 else None

    def _build(self) -> None:
        for space in [self._bridge] + [self.space(host) for host in range(self.count)]:
            tool("ip", "netns", "add", space)
        bridge = ["ip", "-n", self._bridge]
        tool(*bridge, "link", "add", "br0", "type", "bridge")
        tool(*bridge, "link", "set", "br0", "up")
        for host in range(self.count):
            here, port = self.space(host), f"p{host}"
            tool(*bridge, "link", "add", "name", port, "type", "veth", "peer", "name", "eth0", "netns", here)
            tool(*bridge, "link", "set", port, "master", "br0", "up")
            tool("ip", "-n", here, "link", "set", "lo", "up")
            tool("ip", "-n", here, "addr", "add", f"{self.address(host)}/24", "dev", "eth0")
            tool("ip", "-n", here, "link", "set", "eth0", "up")
        self._rules([])

    def _rules(self, rules: list[str]) -> None:
        script = (
            "add table bridge cut\n"
            "add chain bridge cut forward { type filter hook forward priority 0; policy accept; }\n"
            "flush chain bridge cut forward\n"
        ) + "".join(f"add rule bridge cut forward {rule}\n" for rule in rules)
        tool("ip", "netns", "exec", self._bridge, "nft", "-f", "-", input=script)

    def cut(self, host: int) -> None:
        """From now on every IP packet to and from the host is dropped without a word."""
        self._rules([f'{side} "p{host}" meta protocol ip drop' for side in ["iifname", "oifname"]])

    def heal(self) -> None:
        self._rules([])

    def forget_sockets(self, host: int) -> None:
        """The host's kernel forgets all its TCP connections, as after a loss of power; use it on a host that is cut off."""
        subprocess.run(
            ["ip", "netns", "exec", self.space(host), "ss", "-K", "-t", "-a"], capture_output=True, check=False
        )

    def command(self, host: int, command: list[str]) -> list[str]:
        return ["ip", "netns", "exec", self.space(host)] + command

    def remove(self) -> None:
        for space in [self.space(host) for host in range(self.count)] + [self._bridge]:
            subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)
