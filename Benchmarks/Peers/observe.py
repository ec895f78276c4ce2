"""What each node itself says about its peers, asked again and again, with the time of each change."""

import threading
import time
from collections.abc import Callable

from world import World, enter

# Asked this often in the first seconds after something was done, and afterwards.
EAGER_SECONDS, CALM_SECONDS, EAGER_FOR = 0.02, 0.1, 3.0


class Watch:
    """One thread per node, in the node's namespace. A view is the set of peers with a link, None without an answer."""

    def __init__(self, world: World, ask: Callable[[int], set[int] | None]):
        self._ask = ask
        self._world = world
        self._changes: list[list[tuple[float, frozenset[int] | None]]] = [[] for _ in range(world.count)]
        self._condition = threading.Condition()
        self._tick = threading.Condition()
        self._eager_until = 0.0
        self._stopped = False
        self._threads = [
            threading.Thread(target=self._run, args=(node,), daemon=True) for node in range(world.count)
        ]
        for thread in self._threads:
            thread.start()

    def eager(self) -> None:
        """Something is about to be done: ask now, and often."""
        with self._tick:
            self._eager_until = time.monotonic() + EAGER_FOR
            self._tick.notify_all()

    def forget(self, node: int) -> None:
        """The node's process has ended: what it said is worth nothing any more."""
        with self._condition:
            self._changes[node].append((time.monotonic(), None))
            self._condition.notify_all()

    def stop(self) -> None:
        self._stopped = True
        for thread in self._threads:
            thread.join(timeout=10)

    def _run(self, node: int) -> None:
        enter(self._world.space(node))
        while not self._stopped:
            try:
                answer = self._ask(node)
            except (OSError, ValueError, KeyError, EOFError):
                answer = None
            view = None if answer is None else frozenset(answer)
            now = time.monotonic()
            with self._condition:
                changes = self._changes[node]
                if not changes or changes[-1][1] != view:
                    changes.append((now, view))
                    self._condition.notify_all()
            with self._tick:
                self._tick.wait(EAGER_SECONDS if now < self._eager_until else CALM_SECONDS)

    def view(self, node: int) -> frozenset[int] | None:
        changes = self._changes[node]
        return changes[-1][1] if changes else None

    def views(self) -> list[frozenset[int] | None]:
        return [self.view(node) for node in range(self._world.count)]

    def first(self, node: int, since: float, test: Callable[[frozenset[int] | None], bool]) -> float | None:
        """Seconds from `since` to the node's first view that passes the test."""
        with self._condition:
            for at, view in self._changes[node]:
                if at >= since and test(view):
                    return at - since
        return None

    def wait(self, test: Callable[[], bool], until: float) -> bool:
        """Waits until the test holds. False where it does not by `until`."""
        with self._condition:
            while not test():
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._condition.wait(min(left, 1.0))
        return True

    def wait_steadily(self, test: Callable[[], bool], until: float, hold: float = 2.0) -> float | None:
        """Waits until the test holds and goes on holding; the moment since which it does, None where it never does."""
        while self.wait(test, until):
            since = time.monotonic()
            if not self.wait(lambda: not test(), since + hold):
                return since
        return None
