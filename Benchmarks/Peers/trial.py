"""The faults, done to the last of the nodes, and how long it takes until the others say so and until it is back."""

import re
import time
from dataclasses import dataclass, field

from nodes import Nodes

# How long a network may take to be whole again before it counts as not back.
BACK_CAP = 180.0


@dataclass
class Outcome:
    """One fault. Times in seconds; None where it did not happen within the cap."""

    case: str
    # By each of the other nodes, from the fault.
    noticed: list[float | None] = field(default_factory=list)
    # By the struck node itself: until it has none of its links. Black holes only.
    noticed_inside: float | None = None
    # Was a link gone at one end only when the network was healed?
    half_open: bool | None = None
    # From the restart, the end of the freeze or the heal until all pairs name each other.
    back: float | None = None
    # From a restart until the new process answers.
    ready: float | None = None
    # What the logs say between the fault and the end of the case: pattern to count.
    log: dict[str, int] = field(default_factory=dict)
    # Milliseconds that whole handshakes took after a return, where the log tells.
    handshakes: list[float] = field(default_factory=list)


class Trial:
    """Cases on one running network; `cap` seconds are waited for the others to notice."""

    CASES = ["killed", "restarted", "frozen", "hole", "half-open", "power"]

    def __init__(self, nodes: Nodes, cap: float):
        self.nodes = nodes
        self.watch = nodes.watch
        self.cap = cap
        self.victim = nodes.world.count - 1
        self.others = list(range(self.victim))

    def run(self, case: str, settle: float) -> Outcome:
        """One case, on a network that has just been started and has been whole for `settle` seconds."""
        self.nodes.start_anew(BACK_CAP)
        time.sleep(settle)
        if not self.nodes.is_whole():
            raise RuntimeError(f"{self.nodes.system.name} lost a link before anything was done to it")
        marks = self.nodes.log_marks()
        outcome = Outcome(case)
        getattr(self, "_" + case.replace("-", "_"))(outcome)
        text = self.nodes.log_since(marks)
        outcome.log = {
            word: len(re.findall(pattern, text, re.MULTILINE))
            for word, pattern in self.nodes.system.log_patterns.items()
        }
        outcome.handshakes = [
            took for node in range(self.nodes.world.count)
            for took in self.nodes.system.handshakes(self.nodes.log_since(marks, node))
        ]
        return outcome

    # The cases

    def _killed(self, outcome: Outcome) -> None:
        began = self._act(self.nodes.kill)
        self._wait_noticed(outcome, began)
        time.sleep(1)
        self._restart(outcome)

    def _restarted(self, outcome: Outcome) -> None:
        self._act(self.nodes.kill)
        self._restart(outcome)

    def _frozen(self, outcome: Outcome) -> None:
        began = self._act(self.nodes.freeze)
        self._wait_noticed(outcome, began)
        self._wait_back(outcome, self._act(self.nodes.thaw))

    def _hole(self, outcome: Outcome) -> None:
        began = self._act(lambda victim: self.nodes.world.cut(victim))
        self._wait_noticed(outcome, began)
        self.watch.wait(lambda: not self.watch.view(self.victim), began + self.cap)
        self._note_inside(outcome, began)
        self._wait_back(outcome, self._act(lambda _: self.nodes.world.heal()))

    def _half_open(self, outcome: Outcome) -> None:
        """Heals in the first moment in which a link is gone at one end and registered at the other."""
        began = self._act(lambda victim: self.nodes.world.cut(victim))
        self.watch.wait(lambda: self._is_half_open() or not self._links(), began + self.cap)
        outcome.half_open = self._is_half_open()
        self._note(outcome, began)
        self._note_inside(outcome, began)
        self._wait_back(outcome, self._act(lambda _: self.nodes.world.heal()))

    def _power(self, outcome: Outcome) -> None:
        """The host loses power and is back in 5 s: the others hold links whose other end no kernel knows any more."""
        began = self._act(lambda victim: self.nodes.world.cut(victim))
        self.nodes.kill(self.victim)
        self.nodes.world.forget_sockets(self.victim)
        time.sleep(2)
        self.nodes.start(self.victim)
        self.watch.wait(lambda: self.watch.view(self.victim) is not None, began + 30)
        time.sleep(max(0, began + 5 - time.monotonic()))
        outcome.half_open = self._is_half_open()
        self._note(outcome, began)
        self._wait_back(outcome, self._act(lambda _: self.nodes.world.heal()))

    # What they have in common

    def _act(self, action) -> float:
        self.watch.eager()
        began = time.monotonic()
        action(self.victim)
        return began

    def _names(self, node: int) -> bool:
        return self.victim in (self.watch.view(node) or ())

    def _links(self) -> bool:
        return any(self._names(node) for node in self.others) or bool(self.watch.view(self.victim))

    def _is_half_open(self) -> bool:
        inside = self.watch.view(self.victim)
        return inside is not None and any(self._names(node) != (node in inside) for node in self.others)

    def _wait_noticed(self, outcome: Outcome, began: float) -> None:
        self.watch.wait(lambda: not any(self._names(node) for node in self.others), began + self.cap)
        self._note(outcome, began)

    def _note(self, outcome: Outcome, began: float) -> None:
        outcome.noticed = [
            self.watch.first(node, began, lambda view: view is not None and self.victim not in view)
            for node in self.others
        ]

    def _note_inside(self, outcome: Outcome, began: float) -> None:
        outcome.noticed_inside = self.watch.first(self.victim, began, lambda view: view is not None and not view)

    def _restart(self, outcome: Outcome) -> None:
        began = self._act(self.nodes.start)
        self._wait_back(outcome, began)
        outcome.ready = self.watch.first(self.victim, began, lambda view: view is not None)

    def _wait_back(self, outcome: Outcome, began: float) -> None:
        at = self.watch.wait_steadily(self.nodes.is_whole, began + BACK_CAP)
        outcome.back = None if at is None else max(0.0, at - began)
