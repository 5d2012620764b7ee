"""How long a run that was hit stands still: from the fault until somebody else has accepted it, or it is finished."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from monitoring.runs.models import Run

AIM = 45.0
"""Seconds that the 99th percentile should not exceed on two cores with nothing else to do."""


@dataclass
class Recoveries:
    """hit: (run, fence) -> which fault, and when. taken: seconds by fault. done: how often each fault was made."""

    hit: dict[tuple[object, int], tuple[str, float]] = field(default_factory=dict)
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    done: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, runs: Iterable[Run], *, at: float | None = None) -> None:
        """These runs are hit now. One that is hit already keeps its first blow: it has been standing since."""
        for run in runs:
            self.hit.setdefault((run.pk, run.fence), (kind, at or time.time()))

    def look(self, runs: Iterable[Run]) -> None:
        """Compare with how the runs that were hit stand now."""
        now = {run.pk: run for run in runs}
        for (run_id, fence), (kind, at) in list(self.hit.items()):
            run = now.get(run_id)
            if run is not None and (run.fence > fence or run.is_finished):
                self.taken[kind].append(max(0.0, _again(run, fence) - at))
                del self.hit[run_id, fence]

    def table(self) -> list[str]:
        """A line for each fault, and one for all. A jump of the clock has two halves, each with a line of its own."""
        lines = [f"  {'fault':<24}{'made':>6}{'runs hit':>10}   recovery, s: median / p99 / longest"]
        for kind in sorted(set(self.done) | set(self.taken)):
            lines.append(_line(kind, self.done[kind], self.taken.get(kind, [])))
        return [*lines, _line("all", self.done.total(), self.everything)]

    @property
    def everything(self) -> list[float]:
        return [seconds for each in self.taken.values() for seconds in each]

    @property
    def p99(self) -> float:
        return percentile(self.everything)


def percentile(seconds: Sequence[float], part: float = 0.99) -> float:
    """By nearest rank; 0 for nothing."""
    ranked = sorted(seconds)
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))] if ranked else 0.0


def _again(run: Run, fence: int) -> float:
    """When it was accepted under the next fence, or finished under this one; now, if we have missed that."""
    if run.fence == fence and run.finished_at:
        return float(run.finished_at.timestamp())
    if run.fence == fence + 1 and run.started_at:
        return float(run.started_at.timestamp())
    return time.time()


def _line(kind: str, times: int, taken: Sequence[float]) -> str:
    if not taken:
        return f"  {kind:<24}{times:>6}{0:>10}   -"
    figures = f"{median(taken):6.1f} / {percentile(taken):5.1f} / {max(taken):5.1f}"
    return f"  {kind:<24}{times:>6}{len(taken):>10}   {figures}"
