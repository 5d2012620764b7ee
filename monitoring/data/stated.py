"""Shares of attribution as a participant states them beside its counts, of the reference and of the current data period.

Nobody here has computed them: they are shown as stated, and no check is answered by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitoring.counting.shares import distance
from monitoring.data.models import Part, Window

FEWEST_ROWS = 50
"""As for the register's own explanations: fewer say next to nothing."""


@dataclass(frozen=True)
class Stated:
    """lines: feature, its share then and now, the largest now first; n: rows explained then and now; None = nothing stated.

    distance: Jensen-Shannon, 0 to 1; None without both, or where one of them rests on too few rows.
    """

    lines: list[tuple[str, float | None, float | None]]
    n: tuple[int | None, int | None]
    distance: float | None
    too_few: bool


def stated_of(newest: Mapping[str, Window]) -> Stated | None:
    then, now = (_shares(newest.get(part)) for part in (Part.REFERENCE, Part.CURRENT))
    if not then[0] and not now[0]:
        return None
    names = sorted({*then[0], *now[0]}, key=lambda name: (-now[0].get(name, 0.0), name))
    too_few = any(n is not None and n < FEWEST_ROWS for n in (then[1], now[1]))
    both = bool(then[0] and now[0]) and not too_few
    return Stated(
        lines=[(name, then[0].get(name), now[0].get(name)) for name in names],
        n=(then[1], now[1]),
        distance=distance(then[0], now[0]) if both else None,
        too_few=too_few,
    )


def _shares(window: Window | None) -> tuple[dict[str, float], int | None]:
    found = [each for each in window.columns if "share" in each] if window else []
    return {each["name"]: each["share"] for each in found}, found[0]["share_n"] if found else None
