"""Which answers set a flag: found by asking the rule itself what it would say to other answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from governance.obligations.flags import Facts, flags

NAMED = "named"
"""Stands for any text: the rules only ask whether there is one."""

READS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "owner_or_holder": ("role",),
        "user_role": ("role", "origin", "client_facing"),
        "third_party": ("origin", "vendor"),
        "licensed_participant": ("licensed",),
        "usage_open": ("usage_mode",),
        "usage_closed": ("usage_mode",),
        "trained_model": ("trained_model", "origin"),
        "generative": ("generative", "deepfake"),
        "trading": ("trading", "market_making"),
        "decisions_about_persons": ("decisions_about_persons", "credit_scoring"),
        "natural_persons": ("natural_persons", "decisions_about_persons", "credit_scoring"),
        "risk_minimal": ("risk_degree",),
        "risk_medium": ("risk_degree",),
        "risk_high": ("risk_degree",),
        "autonomy_medium": ("autonomy_degree",),
        "autonomy_high": ("autonomy_degree",),
        "provider": ("eu_scope", "origin", "trained_model"),
        "deployer": ("eu_scope",),
        "eu_high_risk": (
            "eu_scope",
            "credit_scoring",
            "staff",
            "decisions_about_persons",
            "emotion_or_biometric",
        ),
    }
)
"""The facts that can set a flag, its own answer first. A flag that is not here is the fact of its own name."""


@dataclass(frozen=True)
class Flag:
    """because: the facts whose answers decided it; of an open flag, those that nobody has answered yet."""

    value: bool | None
    because: tuple[str, ...]


def explained(facts: Facts) -> dict[str, Flag]:
    """Every flag with why. What is not named could be answered otherwise and would change nothing.

    Of a flag that is settled the fewest answers that settle it alone, those that stand first in READS before others; of
    an open one every unanswered fact on which it turns, so that answering all of them settles it.
    """
    said = vars(facts)
    return {
        flag: Flag(value, _because(flag, tuple(_plain(name, said[name]) for name in reads(flag))))
        for flag, value in flags(facts).items()
    }


def reads(flag: str) -> tuple[str, ...]:
    return READS.get(flag, (flag,))


@cache
def options() -> Mapping[str, tuple[Any, ...]]:
    """All that can be said to each fact, "nobody has answered" (None or "") among it."""
    return {name: _options(hint) for name, hint in get_type_hints(Facts).items()}


def _options(hint: Any) -> tuple[Any, ...]:
    if hint is str:
        return ("", NAMED)
    if hint is bool:
        return (True, False)
    return get_args(hint) if "" in get_args(hint) else (True, False, None)


def answers(fact: str) -> tuple[Any, ...]:
    """What somebody can answer. No vendor at all is an answer, too."""
    return tuple(each for each in options()[fact] if not _is_empty(each) or fact == "vendor")


def _is_empty(value: Any) -> bool:
    return value is None or value == ""


def _plain(fact: str, value: Any) -> Any:
    return NAMED if value and NAMED in options()[fact] else value


@cache
def _because(flag: str, said: tuple[Any, ...]) -> tuple[str, ...]:
    return _missing(flag, said) if _holds(flag, said) is None else _deciding(flag, said)


@cache
def _holds(flag: str, said: tuple[Any, ...]) -> bool | None:
    return flags(Facts(**dict(zip(reads(flag), said, strict=True))))[flag]


def _deciding(flag: str, said: tuple[Any, ...]) -> tuple[str, ...]:
    """The fewest facts that keep the flag as it is, whatever is said to the others."""
    names = reads(flag)
    everything = range(len(names))
    kept = next(
        kept
        for size in everything
        for kept in combinations(everything, size + 1)
        if all(_holds(flag, other) is _holds(flag, said) for other in _others(names, said, kept))
    )
    return tuple(names[place] for place in kept)


def _others(names: Sequence[str], said: Sequence[Any], kept: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    return product(
        *((said[place],) if place in kept else options()[name] for place, name in enumerate(names))
    )


def _missing(flag: str, said: tuple[Any, ...]) -> tuple[str, ...]:
    """The unanswered facts that can still turn the flag once all the others are answered."""
    names = reads(flag)
    empty = [place for place, value in enumerate(said) if _is_empty(value)]
    settled = {
        told: _holds(flag, told)
        for told in product(
            *(answers(name) if place in empty else (said[place],) for place, name in enumerate(names))
        )
    }
    return tuple(names[place] for place in empty if _turns(settled, place))


def _turns(settled: Mapping[tuple[Any, ...], bool | None], place: int) -> bool:
    found: dict[tuple[Any, ...], set[bool | None]] = {}
    for told, value in settled.items():
        found.setdefault(told[:place] + told[place + 1 :], set()).add(value)
    return any(len(values) > 1 for values in found.values())
