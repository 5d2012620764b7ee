"""Whether a requirement, and each group of its evidence, applies: yes, no, or open (nobody has answered)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from governance.obligations.requirement import Group, Requirement, When

Flags = Mapping[str, bool | None]
"""Flag → holds, does not hold, or None: nobody has answered yet. A flag that is not listed is off."""

Answer = Literal["yes", "no", "open"]


@dataclass(frozen=True)
class Applies:
    """`because` names the flags that decided: those that hold, that do not, or that nobody has answered."""

    answer: Answer
    because: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """An unanswered flag counts as true: what is open is asked for. Source: unknown_flag."""
        return self.answer != "no"


def applies(when: When, flags: Flags) -> Applies:
    every = {flag: flags.get(flag, False) for flag in when.all_of}
    either = {flag: flags.get(flag, False) for flag in when.any_of}
    off = tuple(flag for flag, value in every.items() if value is False)
    if off:
        return Applies("no", off)
    if either and all(value is False for value in either.values()):
        return Applies("no", tuple(either))
    chosen = tuple(flag for flag, value in either.items() if value)
    unanswered = tuple(flag for flag, value in every.items() if value is None)
    if either and not chosen:
        unanswered += tuple(flag for flag, value in either.items() if value is None)
    if unanswered:
        return Applies("open", unanswered)
    return Applies("yes", tuple(every) + chosen)


def groups(requirement: Requirement, flags: Flags) -> list[tuple[Group, Applies]]:
    """The active groups with why each is active; an empty list means not applicable."""
    judged = [(group, applies(group.when, flags)) for group in requirement.groups]
    return [(group, verdict) for group, verdict in judged if verdict.active]


def active_numbers(requirement: Requirement, flags: Flags) -> list[int]:
    return [group.number for group, _ in groups(requirement, flags)]


def switched_on(*, default_on: bool, default_on_when: When | None, flags: Flags) -> bool:
    """Whether a framework is on without asking; here an unanswered flag counts as false."""
    if default_on or default_on_when is None:
        return default_on
    return applies(default_on_when, flags).answer == "yes"


def organisation_flags(models: Sequence[Flags]) -> dict[str, bool | None]:
    """Flags of an organisation: one holds if it holds for at least one model. Source: organisation_level."""
    names = {flag for flags in models for flag in flags}
    return {name: _any(flags.get(name, False) for flags in models) for name in sorted(names)}


def _any(values: Iterable[bool | None]) -> bool | None:
    """Three-valued OR."""
    seen = set(values)
    if True in seen:
        return True
    return None if None in seen else False
