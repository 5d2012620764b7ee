"""Runs are asked for, blows fall in a seeded order, and what was hit is watched until it stands again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from governance.people.acting import viewing
from monitoring.arrivals.models import Arrival
from monitoring.recomputing.models import Recomputation
from monitoring.runs.lining import ordered
from monitoring.runs.models import Priority, Run, RunLease
from tests.chaos.ground import Ground
from tests.chaos.recovery import Recoveries
from tests.chaos.register import Register

if TYPE_CHECKING:
    from tests.chaos.faults import Fault

FEW = 8
"""Questions that are open at a time."""
PERIOD_EVERY = 25
LOOK_EVERY = 0.1
LONGEST_WAIT = 240.0
PAUSES = (0.0, 0.6)
T = TypeVar("T")


@dataclass(frozen=True)
class Pending:
    """What is undone once `ready` says so, or at the latest at `until`."""

    kind: str
    ready: Callable[[], bool]
    undo: Callable[[], object]
    until: float


@dataclass
class Ordeal:
    """runs: how many are asked for in all, in step with the blows; over: when no more blows fall.

    is_whole: whether every blow fell. unfinished: as they were at the last look. still: the processes that are stopped, which
    no other blow may hit. again: blows that showed nothing and fall once more.
    """

    ground: Ground
    register: Register
    runs: int
    chance: random.Random
    over: float
    recoveries: Recoveries = field(default_factory=Recoveries)
    pending: list[Pending] = field(default_factory=list)
    still: set[int] = field(default_factory=set)
    again: list[str] = field(default_factory=list)
    unfinished: list[Run] = field(default_factory=list)
    there: int = 0
    is_whole: bool = False

    def ask(self, look: Callable[[], T]) -> T:
        """Look into the database, which may be away for a moment."""
        end = time.monotonic() + LONGEST_WAIT
        while True:
            try:
                with viewing(self.register.owner):
                    return look()
            except (OperationalError, InterfaceError):
                assert time.monotonic() < end, "PostgreSQL does not come back"
                connection.close()
                time.sleep(0.1)

    def running(self) -> list[Run]:
        """Read anew."""
        running = Run.objects.filter(status="running").select_related("lease", "version")
        return self.ask(lambda: list(running.all()))

    def held_by(self, pids: Iterable[int]) -> list[Run]:
        holders = {str(pid) for pid in pids}
        return [run for run in self.running() if run.lease.holder.split()[1:2][0] in holders]

    def rung(self) -> list[Run]:
        """Waiting for a worker to hear the bell, and next in line: what comes after them waits for its turn, not for a bell."""
        waiting = Run.objects.filter(status="due", lease__rung_at__isnull=False, priority=Priority.PERSON)
        return self.ask(lambda: list(ordered(waiting)[: settings.SENIM_RUN_SLOTS]))

    def has_passed_on(self, run: Run) -> bool:
        now = self.ask(lambda: Run.objects.get(pk=run.pk))
        return now.fence > run.fence or now.is_finished

    def was_refused(self, run: Run) -> bool:
        """Whether the fence has refused what somebody wrote who held it before."""
        return self.ask(lambda: RunLease.objects.filter(run=run, late__gt=0).exists())

    def later(self, kind: str, ready: Callable[[], bool], undo: Callable[[], object], seconds: float) -> None:
        self.pending.append(Pending(kind, ready, undo, time.monotonic() + seconds))

    def has_pending(self, kind: str) -> bool:
        return any(each.kind == kind for each in self.pending)

    def go(self, blows: list[str], faults: dict[str, Fault]) -> None:
        """Every blow, evenly over the runs; then all that is still to be asked, until nothing is open."""
        self.chance.shuffle(blows)
        waiting, fallen = list(blows), 0
        while waiting and time.monotonic() < self.over:
            step = fallen * self.runs // len(blows) - FEW
            self.watch_until(lambda: self.finished >= step, fallen, len(blows))  # noqa: B023
            end = time.monotonic() + LONGEST_WAIT
            while not (kind := self._struck(waiting, faults)):
                assert time.monotonic() < end, f"nothing to strike: {sorted(set(waiting))}"
                self.watch(fallen, len(blows))
            waiting.remove(kind)
            fallen = min(fallen + 1, len(blows) - 1)
            pause = time.monotonic() + self.chance.uniform(*PAUSES)
            self.watch_until(lambda: time.monotonic() > pause, fallen, len(blows))  # noqa: B023
            if not waiting:
                self.watch_until(lambda: not self.pending, fallen, len(blows))
            waiting += self.again
            self.again.clear()
        self.is_whole = not waiting
        if self.is_whole:
            self.watch_until(lambda: self.there >= self.runs, fallen, len(blows))
        self.watch_until(lambda: not (self.unfinished or self.pending or self.others), None, len(blows))

    @property
    def others(self) -> bool:
        """Whether an errand is underway, or a data period has not been looked through."""
        errands, arrivals = Recomputation.objects.underway(), Arrival.objects.open()
        return self.ask(lambda: errands.all().exists() or arrivals.all().exists())

    @property
    def finished(self) -> int:
        return self.there - len(self.unfinished)

    def _struck(self, waiting: list[str], faults: dict[str, Fault]) -> str:
        """The first that there is something to strike for; the others keep their place."""
        for kind in dict.fromkeys(waiting):
            if faults[kind](self):
                self.recoveries.done[kind] += 1
                return kind
        return ""

    def watch_until(self, true: Callable[[], bool], fallen: int | None, blows: int) -> None:
        end = time.monotonic() + LONGEST_WAIT
        self.watch(fallen, blows)
        while not true() and time.monotonic() < end:
            self.watch(fallen, blows)

    def watch(self, fallen: int | None, blows: int) -> None:
        """One look: what has been hit, what is to be undone, what is to be asked. fallen: None = nothing is asked any more."""
        time.sleep(LOOK_EVERY)
        self.unfinished = self.ask(lambda: list(Run.objects.unfinished()))
        self.there = self.ask(lambda: Run.objects.count())
        hit = [run_id for run_id, _fence in self.recoveries.hit]
        self.recoveries.look(self.ask(lambda: list(Run.objects.filter(pk__in=hit))))
        for each in list(self.pending):
            if each.ready() or time.monotonic() > each.until:
                self.pending.remove(each)
                each.undo()
        if fallen is not None:
            self._top_up(fallen, blows)

    def _top_up(self, fallen: int, blows: int) -> None:
        """New questions, no further ahead of the blows than they have to be."""
        allowed = min(self.runs, (fallen + 1) * self.runs // blows + FEW)
        if len(self.unfinished) < FEW and (self.there < allowed or not self.unfinished):
            if fallen % PERIOD_EVERY == PERIOD_EVERY - 1 and self.register.periods <= fallen // PERIOD_EVERY:
                self.register.hand_in()
            self.register.ask()
            self.register.ask_again()
