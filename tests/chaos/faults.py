"""The faults, one function each: it strikes and says so, or there is nothing to strike at the moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from monitoring.runs.models import Run
from tests.chaos import clock
from tests.chaos.disk import NO_ROOM
from tests.chaos.ordeal import Ordeal
from tests.chaos.prey import age, freeze, kill, thaw
from tests.chaos.register import opens_a_file

Fault = Callable[[Ordeal], bool]

MOST_ATTEMPTS_BY_US = 2
"""A run is not hit so often that it would be given up because of us."""
GROWN_UP = 25.0
"""Seconds: a program that is killed sooner after its start, again and again, is given up for broken, and rightly so."""
JUMPED_FOR = 8.0
SPARED_FOR = 30.0
LONGEST = 90.0


def computation(ordeal: Ordeal) -> bool:
    """The child that measures, in the middle of it."""
    return any(
        _strike(ordeal, "computation", child, parent)
        for child, parent in ordeal.ground.prey.computations().items()
    )


def worker_child(ordeal: Ordeal) -> bool:
    """The process of the pool that holds a run."""
    return any(_strike(ordeal, "worker child", pid, pid) for pid in ordeal.ground.prey.pool())


def _strike(ordeal: Ordeal, kind: str, pid: int, holder: int) -> bool:
    """It is held still first, so that what it holds when it dies is known and not guessed."""
    if holder in ordeal.still or not freeze(pid):
        return False
    held = [run for run in ordeal.held_by([holder]) if run.attempts <= MOST_ATTEMPTS_BY_US]
    if not held:
        thaw(pid)
        return False
    ordeal.recoveries.note(kind, held)
    kill(pid)
    return True


def inmate(ordeal: Ordeal) -> bool:
    """The process that runs a model's file, in the middle of it."""
    return any(_strike_apart(ordeal, "inmate", pid) for pid in ordeal.ground.prey.sandboxed()[2])


def warden(ordeal: Ordeal) -> bool:
    """The process that keeps the inmate apart and waits for it."""
    return any(_strike_apart(ordeal, "warden", pid) for pid in ordeal.ground.prey.sandboxed()[1])


def template(ordeal: Ordeal) -> bool:
    """The process that the wardens are forked from, while one is at work."""
    templates, wardens, _inmates = ordeal.ground.prey.sandboxed()
    return bool(wardens) and any(_strike_apart(ordeal, "template", pid) for pid in templates)


def _strike_apart(ordeal: Ordeal, kind: str, pid: int) -> bool:
    """Who asked holds the run and only waits, so it is told by its question, and only one such may be under way."""
    if ordeal.still or not freeze(pid):
        return False
    held = [run for run in ordeal.running() if opens_a_file(run)]
    if len(held) != 1 or held[0].attempts > MOST_ATTEMPTS_BY_US:
        thaw(pid)
        return False
    ordeal.recoveries.note(kind, held)
    kill(pid)
    return True


def worker_parent(ordeal: Ordeal) -> bool:
    """The whole checks worker: its main process and, with it, pool and computations."""
    pid, pool = ordeal.ground.prey.program("checks"), ordeal.ground.prey.pool()
    if pid is None or age(pid) < GROWN_UP or not pool or ordeal.still:
        return False
    for each in pool:
        freeze(each)
    ordeal.recoveries.note("worker parent", ordeal.held_by(pool))
    kill(pid)
    return True


def stopped(ordeal: Ordeal) -> bool:
    """A process of the pool stands still until its run has passed on, and then goes on as if nothing had been."""
    for pid in ordeal.ground.prey.pool() if not ordeal.still else ():
        if not freeze(pid):
            continue
        held = [run for run in ordeal.held_by([pid]) if run.attempts <= MOST_ATTEMPTS_BY_US]
        if held:
            ordeal.recoveries.note("stopped", held)
            ordeal.still.add(pid)
            passed_on, go_on = partial(ordeal.has_passed_on, held[0]), partial(_go_on, ordeal, pid, held[0])
            ordeal.later("stopped", passed_on, go_on, LONGEST)
            return True
        thaw(pid)
    return False


def _go_on(ordeal: Ordeal, pid: int, run: Run) -> None:
    """It is spared until it has written: that is what the fence has to refuse, and the database may be away just now."""

    def over() -> None:
        ordeal.still.discard(pid)
        if not ordeal.was_refused(run):  # it wrote nothing, so this has shown nothing
            ordeal.again.append("stopped")

    thaw(pid)
    ordeal.later("spared", partial(ordeal.was_refused, run), over, SPARED_FOR)


def program(kind: str, name: str) -> Fault:
    """Another program of Senim, which holds no run."""

    def strike(ordeal: Ordeal) -> bool:
        pid = ordeal.ground.prey.program(name)
        if pid is None or age(pid) < GROWN_UP:
            return False
        kill(pid)
        return True

    strike.__doc__ = f"{kind} is killed."
    return strike


def postgres(ordeal: Ordeal) -> bool:
    """PostgreSQL dies with all its sessions."""
    return _without_database(ordeal, "PostgreSQL killed", lambda: kill(ordeal.ground.prey.postgres()))


def postgres_restarted(ordeal: Ordeal) -> bool:
    return _without_database(ordeal, "PostgreSQL restarted", ordeal.ground.servers.postgres.stop)


def _without_database(ordeal: Ordeal, kind: str, strike: Callable[[], object]) -> bool:
    if not ordeal.ground.servers.postgres.running():
        return False
    ordeal.recoveries.note(kind, ordeal.running())
    strike()
    return True


def valkey(ordeal: Ordeal) -> bool:
    return _without_broker(ordeal, "Valkey killed", lambda: kill(ordeal.ground.prey.valkey()))


def valkey_restarted(ordeal: Ordeal) -> bool:
    return _without_broker(ordeal, "Valkey restarted", ordeal.ground.servers.valkey.stop)


def valkey_flushed(ordeal: Ordeal) -> bool:
    """Everything that waits in the broker is gone."""
    return _without_broker(ordeal, "Valkey flushed", lambda: ordeal.ground.servers.valkey._ask("FLUSHALL"))


def _without_broker(ordeal: Ordeal, kind: str, strike: Callable[[], object]) -> bool:
    """Whatever was rung for and waits is hit."""
    if not ordeal.ground.servers.valkey.running():
        return False
    ordeal.recoveries.note(kind, ordeal.rung())
    strike()
    return True


def full_disk(ordeal: Ordeal) -> bool:
    """The store has no room until an answer has found none; from then on its run waits."""
    if ordeal.has_pending("disk full"):
        return False

    def refused() -> list[Run]:
        return [run for run in ordeal.unfinished if run.status == "due" and run.error in NO_ROOM]

    def make_room() -> None:
        ordeal.recoveries.note("disk full", refused())
        ordeal.ground.disk.make_room()

    ordeal.ground.disk.fill()
    ordeal.later("disk full", lambda: bool(refused()), make_room, LONGEST)
    return True


def clock_jump(ordeal: Ordeal) -> bool:
    """The clock goes an hour ahead: every lease has ended at once. Then it is set back: every lease has an hour to go."""
    running = [] if ordeal.has_pending("clock jump") else ordeal.running()
    if not running:
        return False
    ordeal.recoveries.note("clock ahead", running)
    clock.jump(ordeal.ground.servers.database(), "1 hour")
    over = time.monotonic() + JUMPED_FOR

    def back() -> None:
        ordeal.recoveries.note("clock set back", ordeal.running() + ordeal.rung())
        clock.jump(ordeal.ground.servers.database(), "0")

    ordeal.later("clock jump", lambda: time.monotonic() > over, back, LONGEST)
    return True


FAULTS: dict[str, Fault] = {
    "computation": computation,
    "inmate": inmate,
    "warden": warden,
    "template": template,
    "worker child": worker_child,
    "worker parent": worker_parent,
    "stopped": stopped,
    "default worker": program("The worker of everything else", "default"),
    "beat": program("The clock", "beat"),
    "second beat": program("The second clock", "second beat"),
    "web": program("The web", "web"),
    "PostgreSQL killed": postgres,
    "PostgreSQL restarted": postgres_restarted,
    "Valkey killed": valkey,
    "Valkey restarted": valkey_restarted,
    "Valkey flushed": valkey_flushed,
    "disk full": full_disk,
    "clock jump": clock_jump,
}
SHARES = {
    "computation": 180,
    "inmate": 34,
    "warden": 8,
    "template": 8,
    "worker child": 150,
    "worker parent": 10,
    "default worker": 12,
    "beat": 14,
    "second beat": 12,
    "web": 12,
    "PostgreSQL killed": 30,
    "Valkey killed": 30,
}
"""Of five hundred kills."""
OTHERS = {
    "stopped": 12,
    "PostgreSQL restarted": 6,
    "Valkey restarted": 8,
    "Valkey flushed": 12,
    "disk full": 6,
    "clock jump": 8,
}
"""What is no kill comes on top, in the same proportion and each at least once."""


def blows(kills: int) -> list[str]:
    """Every kind at least once; what is left of the kills goes to what computes."""
    whole = sum(SHARES.values())
    times = {kind: max(1, share * kills // whole) for kind, share in (SHARES | OTHERS).items()}
    times["computation"] += kills - sum(times[kind] for kind in SHARES)
    return [kind for kind, count in times.items() for _blow in range(count)]
