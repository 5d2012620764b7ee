"""From what is not answered to the few pieces that would answer it: values in, pieces out.

One piece may help many requirements of many frameworks, so each is chosen for how many it answers against how much work it
is. Source: answer_rules in vocabularies.yaml (groups are joined by AND, alternatives by OR); the choice itself is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

URGENCY = ("failing", "overdue", "missing", "due_soon", "accepted_gap", "open", "not_ready")
"""Statuses under which something is owed, the most pressing first."""


class Act(StrEnum):
    """What there is to do. A failing check is never answered by a paper: its cause is found."""

    FIND_CAUSE = "find_cause"
    ANSWER = "answer"
    HAND_IN = "hand_in"


@dataclass(frozen=True)
class Demand:
    """One group of one requirement that waits for something: any one of `kinds` would do.

    kinds: of evidence; under ANSWER the flag that nobody has answered. renews: those that were on file before.
    """

    requirement: str
    group: int
    act: Act
    kinds: tuple[str, ...]
    status: str
    due_on: date | None = None
    of_organisation: bool = False
    renews: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Piece:
    """One thing to do. instead: kinds that would do as well for all that only this piece answers."""

    act: Act
    kind: str
    demands: tuple[Demand, ...]
    instead: tuple[str, ...] = ()

    @property
    def of_organisation(self) -> bool:
        return self.demands[0].of_organisation

    @property
    def requirements(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(demand.requirement for demand in self.demands))

    @property
    def status(self) -> str:
        """Of the most pressing requirement that it helps."""
        return min((demand.status for demand in self.demands), key=URGENCY.index)

    @property
    def due_on(self) -> date | None:
        return min((demand.due_on for demand in self.demands if demand.due_on), default=None)

    @property
    def is_renewal(self) -> bool:
        return any(self.kind in demand.renews for demand in self.demands)


Cost = Callable[[str], int]


def pieces(demands: Iterable[Demand], cost: Cost) -> list[Piece]:
    """The few pieces that answer every demand. cost: of a kind, above 0."""
    sorted_out: dict[tuple[Act, bool], list[Demand]] = {}
    for demand in demands:
        sorted_out.setdefault((demand.act, demand.of_organisation), []).append(demand)
    found: list[Piece] = []
    for (act, _of_organisation), alike in sorted_out.items():
        found += _pieces(act, alike, _chosen(alike, cost))
    return found


def _chosen(demands: Sequence[Demand], cost: Cost) -> list[str]:
    """Kinds that together answer every demand: each time the one that answers most for its cost, then none in vain."""
    chosen: list[str] = []
    left = list(demands)
    while left:
        tally: dict[str, int] = {}
        for demand in left:
            for kind in demand.kinds:
                tally[kind] = tally.get(kind, 0) + 1
        best = min(tally, key=lambda kind: (cost(kind) / tally[kind], cost(kind), kind))
        chosen.append(best)
        left = [demand for demand in left if best not in demand.kinds]
    return _none_in_vain(demands, chosen, cost)


def _none_in_vain(demands: Sequence[Demand], chosen: list[str], cost: Cost) -> list[str]:
    """Without those, the dearest first, whose demands the others answer as well."""
    kept = list(chosen)
    for kind in sorted(chosen, key=lambda each: (-cost(each), each)):
        others = [each for each in kept if each != kind]
        if all(any(each in demand.kinds for each in others) for demand in demands):
            kept = others
    return kept


def _pieces(act: Act, demands: Sequence[Demand], chosen: Collection[str]) -> list[Piece]:
    return [
        Piece(
            act,
            kind,
            tuple(demand for demand in demands if kind in demand.kinds),
            _instead(kind, demands, chosen),
        )
        for kind in chosen
    ]


def _instead(kind: str, demands: Sequence[Demand], chosen: Collection[str]) -> tuple[str, ...]:
    alone = [
        demand
        for demand in demands
        if kind in demand.kinds and not any(each in chosen for each in demand.kinds if each != kind)
    ]
    if not alone:
        return ()
    return tuple(
        each for each in alone[0].kinds if each != kind and all(each in other.kinds for other in alone)
    )


def theme_of(piece: Piece, groups: Mapping[str, tuple[Collection[str], Collection[str]]]) -> str:
    """The group under which a piece stands: one that proposes its kind before any other, then the one with most of it.

    groups: id → (kinds that it proposes, its members), in the order of the file. Returns "" where none names it.
    """
    found, best = "", (False, 0)
    for name, (kinds, members) in groups.items():
        number = sum(requirement in members for requirement in piece.requirements)
        rank = (piece.kind in kinds, number)
        if number and rank > best:
            found, best = name, rank
    return found
