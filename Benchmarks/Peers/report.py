"""Tables in Markdown of what the trials found: the median of the runs, and the range behind it."""

from dataclasses import asdict

from systems.base import System


def seconds(value: float) -> str:
    if value < 0.995:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def spread(values: list[float | None], cap: float) -> str:
    """`5.7 (5.1–5.8)`; what never happened counts as longer than everything that did."""
    if not values:
        return ""
    ordered = sorted(values, key=lambda value: float("inf") if value is None else value)
    show = lambda value: f"not in {cap:.0f}" if value is None else seconds(value)
    middle, low, high = ordered[(len(ordered) - 1) // 2], ordered[0], ordered[-1]
    if show(low) == show(high):
        return show(middle)
    return f"{show(middle)} ({show(low)}–{show(high)})"


class Report:
    """`results`: one dictionary per system, as the tool writes them."""

    BACK_CAP = 180.0

    def __init__(self, results: list[dict]):
        self.results = results

    def _runs(self, result: dict, case: str) -> list[dict]:
        return [outcome for outcome in result["outcomes"] if outcome["case"] == case]

    def _last(self, result: dict, case: str) -> str:
        """Until all of the others have noticed."""
        values = [
            None if None in run["noticed"] else max(run["noticed"]) for run in self._runs(result, case)
        ]
        return spread(values, result["cap"])

    def _back(self, result: dict, case: str) -> str:
        runs = self._runs(result, case)
        if runs and all(self._was_never_gone(run) for run in runs):
            return "was never gone"
        return spread([run["back"] for run in runs], self.BACK_CAP)

    @staticmethod
    def _was_never_gone(run: dict) -> bool:
        """Nobody took a link for dead, and what was sent meanwhile arrived in the end: there was nothing to come back."""
        noticed = any(at is not None for at in run["noticed"]) or run["noticed_inside"] is not None
        kept = run["case"] in ["frozen", "hole", "half-open"] and not run["half_open"]
        return kept and not noticed and run["back"] is not None

    def main(self) -> str:
        rows = [
            "| system | killed: noticed | back after restart (of it, until it answers) | frozen: noticed | back | "
            "black hole: noticed | by the struck one | back after heal |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for result in self.results:
            killed, hole = self._runs(result, "killed"), self._runs(result, "hole")
            ready = spread([run["ready"] for run in killed], self.BACK_CAP)
            inside = spread([run["noticed_inside"] for run in hole], result["cap"])
            back = self._back(result, "killed")
            rows.append(
                f"| {result['name']} | {self._last(result, 'killed')} | {back}{f' ({ready})' if ready else ''} | "
                f"{self._last(result, 'frozen')} | {self._back(result, 'frozen')} | {self._last(result, 'hole')} | "
                f"{inside} | {self._back(result, 'hole')} |"
            )
        return "\n".join(rows)

    def returns(self) -> str:
        rows = [
            "| system | killed and restarted at once: whole again | healed with a link gone at one end only: times so, "
            "whole again | power lost, back 5 s later: whole again after the heal | in the logs of these two |",
            "|---|---|---|---|---|",
        ]
        for result in self.results:
            half = self._runs(result, "half-open")
            count = f"{sum(1 for run in half if run['half_open'])} of {len(half)}" if half else ""
            words: dict[str, int] = {}
            for case in ["half-open", "power"]:
                for run in self._runs(result, case):
                    for word, number in run["log"].items():
                        words[word] = words.get(word, 0) + number
            said = ", ".join(f"{number} {word}" for word, number in words.items())
            rows.append(
                f"| {result['name']} | {self._back(result, 'restarted')} | {count}, {self._back(result, 'half-open')} | "
                f"{self._back(result, 'power')} | {said} |"
            )
        return "\n".join(rows)

    def handshakes(self) -> str:
        lines = []
        for result in self.results:
            took = sorted(
                value for case in ["half-open", "power"] for run in self._runs(result, case)
                for value in run["handshakes"]
            )
            if took:
                middle = took[(len(took) - 1) // 2]
                lines.append(
                    f"{result['name']}: {len(took)} handshakes after a return, from Hello to a link that is up: "
                    f"median {middle:.0f} ms, {took[0]:.0f}–{took[-1]:.0f} ms"
                )
        return "\n".join(lines)

    def versions(self) -> str:
        rows = ["| system | version | settings |", "|---|---|---|"]
        rows += [f"| {result['name']} | {result['version']} | {result['settings']} |" for result in self.results]
        return "\n".join(rows)


def as_dictionary(system: System, cap: float, outcomes: list) -> dict:
    """What is kept of one system's trials."""
    return {
        "name": system.name, "version": system.version(), "settings": system.settings, "cap": cap,
        "outcomes": [asdict(outcome) for outcome in outcomes],
    }
