"""Are the groups of today's data as large as in the data the model was approved on, or in the population declared?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitoring.engines.column_quality import Period
from monitoring.engines.intervals import Estimate, newcombe_difference, wilson


@dataclass(frozen=True)
class GroupShare:
    """One group of a column: its share of the rows that state one, in both periods, and how far they are apart.

    gap: current minus reference. population: the share declared; population_gap: current minus that.
    """

    group: str
    reference: Estimate
    current: Estimate
    gap: Estimate
    population: float | None = None
    population_gap: Estimate | None = None


@dataclass(frozen=True)
class Groups:
    """All groups of one column. status: compared, too_many_values, or insufficient_data where a period states too few."""

    column: str
    sensitive: bool
    status: str
    groups: list[GroupShare] = field(default_factory=list)


def compared(
    reference: Period,
    current: Period,
    columns: Sequence[str],
    sensitive: Sequence[str],
    populations: Mapping[str, Mapping[str, float]],
    fewest: int,
) -> list[Groups]:
    """Each of `columns` that both files have, in order. fewest: rows that must state a group in either period."""
    there = [name for name in columns if name in reference.profiles and name in current.profiles]
    return [
        _of(reference, current, name, name in sensitive, populations.get(name, {}), fewest) for name in there
    ]


def _of(
    reference: Period,
    current: Period,
    name: str,
    sensitive: bool,
    population: Mapping[str, float],
    fewest: int,
) -> Groups:
    before, now = reference.profiles[name].categories, current.profiles[name].categories
    if before is None or now is None:
        return Groups(name, sensitive, "too_many_values")
    totals = sum(before.values()), sum(now.values())
    names = sorted({*before, *now, *population})
    groups = [_share(group, before.get(group, 0), now.get(group, 0), totals, population) for group in names]
    return Groups(name, sensitive, "compared" if min(totals) >= fewest else "insufficient_data", groups)


def _share(
    group: str, before: int, now: int, totals: tuple[int, int], population: Mapping[str, float]
) -> GroupShare:
    reference, current = wilson(before, totals[0]), wilson(now, totals[1])
    gap = newcombe_difference((now, totals[1]), (before, totals[0]))
    declared = population.get(group, 0.0) if population else None
    from_population = None if declared is None else _less(current, declared)
    return GroupShare(group, reference, current, gap, declared, from_population)


def _less(share: Estimate, known: float) -> Estimate:
    """The share minus a number that has no error of its own."""
    if share.value is None or share.low is None or share.high is None:
        return share
    return Estimate(share.value - known, share.low - known, share.high - known, share.n)
