"""What the trials need to know of a system."""

import json
import pathlib
import urllib.request

from world import World

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get_json(url: str, body: bytes | None = None, headers: dict[str, str] | None = None, timeout: float = 1.0):
    """An HTTP answer as JSON, never through a proxy. Raises OSError or ValueError."""
    request = urllib.request.Request(url, data=body, headers=headers or {})
    with _direct.open(request, timeout=timeout) as answer:
        return json.load(answer)


class System:
    """A network of some software with its defaults; subclasses say how it is installed, started and asked."""

    name = ""
    # What is set otherwise than by default, for the reader of the table.
    settings = ""
    # Word to regular expression: lines of the logs to count in each case.
    log_patterns: dict[str, str] = {}

    def __init__(self, tools: pathlib.Path):
        self.tools = tools

    def version(self) -> str:
        raise NotImplementedError

    def prepare(self, folder: pathlib.Path, world: World) -> None:
        """Writes what the nodes need."""

    def command(self, node: int) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return {}

    def started(self, node: int) -> None:
        """A process of the node has just been started."""

    def ended(self, node: int) -> None:
        """The node's process is about to be killed."""

    def peers(self, node: int) -> set[int] | None:
        """The nodes that this one says it has a link with. Called inside its namespace; raises OSError or ValueError."""
        raise NotImplementedError

    def handshakes(self, log: str) -> list[float]:
        """Milliseconds from each connection that the node made to the link that was up on it."""
        return []
