"""go-libp2p, by the daemon that the Python package hivemind carries: Noise and yamux over TCP.

The daemon redials nobody: the application does. Ours asks it once a second to connect to the nodes before it that are
not among its peers, which is the least that an application can do.
"""

import io
import pathlib
import socket
import subprocess
import threading
import time

from systems.base import System
from world import World

_IDENTIFY, _CONNECT, _LIST_PEERS = 0, 1, 5
_DIAL_SECONDS = 5


class Libp2p(System):
    name = "go-libp2p"
    settings = "Noise, yamux; the application redials once a second"

    def version(self) -> str:
        """The daemon does not tell its own: the package that carries it."""
        return (self.tools / "libp2p" / "VERSION").read_text().strip()

    def __init__(self, tools: pathlib.Path):
        super().__init__(tools)
        self._program = tools / "libp2p" / "p2pd"

    def prepare(self, folder: pathlib.Path, world: World) -> None:
        self._folder, self._world = folder, world
        self._identities: list[bytes | None] = [None] * world.count
        for node in range(world.count):
            self._identities[node] = _make_key(folder / f"node{node + 1}.key")
        self._redialling = [0] * world.count

    def _socket(self, node: int) -> str:
        return str(self._folder / f"node{node + 1}.sock")

    def command(self, node: int) -> list[str]:
        return [
            str(self._program), "-listen", f"/unix{self._socket(node)}", "-id", str(self._folder / f"node{node + 1}.key"),
            "-hostAddrs", f"/ip4/{self._world.address(node)}/tcp/4001", "-noise", "-muxer", "yamux",
        ]

    def started(self, node: int) -> None:
        self._redialling[node] += 1
        threading.Thread(target=self._redial, args=(node, self._redialling[node]), daemon=True).start()

    def ended(self, node: int) -> None:
        self._redialling[node] += 1
        pathlib.Path(self._socket(node)).unlink(missing_ok=True)

    def _redial(self, node: int, run: int) -> None:
        while self._redialling[node] == run:
            try:
                missing = set(range(node)) - self.peers(node)
                for other in missing:
                    self._connect(node, other)
            except (OSError, ValueError):
                pass
            time.sleep(1)

    def _connect(self, node: int, other: int) -> None:
        parts = [int(part) for part in self._world.address(other).split(".")]
        address = bytes([4, *parts, 6]) + (4001).to_bytes(2, "big")
        request = _field(1, self._identities[other]) + _field(2, address) + b"\x18" + _varint(_DIAL_SECONDS)
        self._ask(node, b"\x08" + _varint(_CONNECT) + _field(2, request), _DIAL_SECONDS + 1)

    def peers(self, node: int) -> set[int]:
        answer = self._ask(node, b"\x08" + _varint(_LIST_PEERS), 1)
        known = {identity: host for host, identity in enumerate(self._identities)}
        peers = set()
        for number, value in _fields(answer):
            if number == 6:
                identity = next(inner for field, inner in _fields(value) if field == 1)
                peers.add(known[identity])
        return peers

    def _ask(self, node: int, request: bytes, timeout: float) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            connection.connect(self._socket(node))
            connection.sendall(_varint(len(request)) + request)
            stream = connection.makefile("rb")
            return stream.read(_read_varint(stream))


def _make_key(path: pathlib.Path) -> bytes:
    """Writes an Ed25519 key as libp2p keeps one, and returns the peer's identity."""
    private = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-outform", "DER"], capture_output=True, check=True
    ).stdout
    public = subprocess.run(
        ["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"], input=private, capture_output=True,
        check=True,
    ).stdout[-32:]
    path.write_bytes(b"\x08\x01" + _field(2, private[-32:] + public))
    marshalled = b"\x08\x01" + _field(2, public)
    return b"\x00" + _varint(len(marshalled)) + marshalled


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(encoded + bytes([value]))


def _field(number: int, value: bytes | None) -> bytes:
    content = value or b""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _read_varint(stream) -> int:
    value = shift = 0
    while True:
        byte = stream.read(1)
        if not byte:
            raise EOFError
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
        shift += 7


def _fields(message: bytes):
    """Numbers and values of a message whose fields are numbers or bytes."""
    stream = io.BytesIO(message)
    while stream.tell() < len(message):
        key = _read_varint(stream)
        if key & 7 == 2:
            yield key >> 3, stream.read(_read_varint(stream))
        else:
            yield key >> 3, _read_varint(stream)
