"""What is printed in the end."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tests.chaos.faults import SHARES
from tests.chaos.judging import Judgement
from tests.chaos.recovery import AIM, Recoveries
from tests.chaos.thrice import TIMES


def report(
    seed: int, took: float, disk: str, found: Judgement, recoveries: Recoveries, *, serves: bool
) -> Iterator[str]:
    kills = sum(recoveries.done[kind] for kind in SHARES)
    yield (
        f"seed {seed}: {kills} kills and {recoveries.done.total() - kills} other faults in {took:.0f} s; "
        f"two clocks, every message {TIMES} times; disk: {disk}; load {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores"
    )
    yield (
        f"  due {found.due} ({found.scheduled} by the schedule), finished {found.finished}, "
        f"ended without an answer and with a finding {found.given_up}; half of them took less than {found.seconds:.2f} s"
    )
    yield f"  computed again at somebody's request: {found.again}"
    yield f"  lost {len(found.lost)}, double results {len(found.double)}, stuck {len(found.stuck)}"
    yield f"  stale writes refused by the fence: {found.refused}"
    yield from recoveries.table()
    p99 = recoveries.p99
    yield f"  recovery p99 {p99:.1f} s: {'within' if p99 <= AIM else 'short of'} {AIM:.0f} s"
    yield f"  the web {'answers' if serves else 'does not answer'} afterwards"
    for what in ("lost", "double", "stuck"):
        for each in getattr(found, what):
            yield f"  {what}: {each}"
