"""One obligation as the rules see it: pure values, read from the mapping that an edition or a row holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

Norm = Literal[
    "duty",
    "prohibition",
    "right",
    "outcome",
    "recommendation",
    "principle",
    "on_event",
    "information",
    "sanction",
]
Level = Literal["model", "organisation"]
Basis = Literal["text", "recommended"]

BINDING_NORMS: frozenset[Norm] = frozenset({"duty", "prohibition", "right"})
STATUS_NORMS: frozenset[Norm] = BINDING_NORMS | {"outcome", "recommendation"}


@dataclass(frozen=True)
class When:
    """A condition on flags: all of `all_of` and, where `any_of` is not empty, one of it. Empty = always."""

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()

    @property
    def flags(self) -> tuple[str, ...]:
        return self.all_of + self.any_of


ALWAYS = When()


@dataclass(frozen=True)
class Group:
    """Alternatives, one of which is needed while `when` holds. `number` counts from 1 in file order."""

    number: int
    any_of: tuple[str, ...]
    when: When = ALWAYS


@dataclass(frozen=True)
class Requirement:
    id: str
    norm: Norm
    groups: tuple[Group, ...]
    when: When = ALWAYS
    level: Level = "model"
    periodicity: str = "once"
    periodicity_basis: Basis = "recommended"
    in_force_from: date | None = None
    in_force_to: date | None = None
    in_force_unknown: bool = False

    @property
    def binds(self) -> bool:
        return self.norm in BINDING_NORMS

    @property
    def interval_is_law(self) -> bool:
        return self.periodicity_basis == "text"


def when_from(raw: Mapping[str, Any] | None) -> When:
    if not raw:
        return ALWAYS
    return When(tuple(raw.get("all_of") or ()), tuple(raw.get("any_of") or ()))


def requirement_from(raw: Mapping[str, Any]) -> Requirement:
    """Reads one entry of an edition; keys that the rules do not need are left where they are."""
    starts, ends, unknown = _in_force(raw)
    return Requirement(
        id=raw["id"],
        norm=cast(Norm, raw["norm"]),
        groups=tuple(_group(number, group) for number, group in enumerate(raw["answered_by"], start=1)),
        when=when_from(raw.get("when")),
        level=cast(Level, raw.get("level", "model")),
        periodicity=raw["periodicity"],
        periodicity_basis=cast(Basis, raw["periodicity_basis"]),
        in_force_from=starts,
        in_force_to=ends,
        in_force_unknown=unknown,
    )


def _group(number: int, raw: Mapping[str, Any]) -> Group:
    return Group(number, tuple(raw["any_of"]), when_from(raw.get("when")))


def _in_force(raw: Mapping[str, Any]) -> tuple[date | None, date | None, bool]:
    """From, to, and whether an edition says that the date was not found (it is then taken as in force)."""
    stated = raw.get("in_force")
    if stated is None:
        return _day(raw.get("applies_from")), None, False
    starts = _day(stated.get("from"))
    return starts, _day(stated.get("to")), starts is None


def _day(value: str | date | None) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value)
