"""What is wrong with a table of the tiers, each with the place where it stands.

Of an edition that is no longer the newest only the periods are read: a check or a limit that it names may be gone since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from monitoring.checks import CHECKS
from monitoring.runs.plans import MOST_DAYS, problems_of_plan
from monitoring.runs.tiers import FACTS, TABLE

TIERS = (1, 2, 3, 4)
AUTONOMY = ("low", "medium", "high")
FORMER = ("edition", "tiers", "otherwise", "halved_for_autonomy", "tolerance_hours", "grace_days")
KEYS = (*FORMER, "expected", "expected_where", "not_expected_where", "limits")


def flaws(folder: Path = TABLE.parent, newest: str = TABLE.name) -> Iterator[str]:
    """Of every edition in a folder; none = the tables can be read."""
    for path in sorted(folder.glob("tiers-*.yaml")):
        try:
            raw = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
            yield from (f"{path.name}: {what}" for what in _flaws(path, raw, path.name == newest))
        except (yaml.YAMLError, TypeError, AttributeError, KeyError) as error:
            yield f"{path.name}: it is no table of tiers: {' '.join(repr(error).split())[:200]}"


def _flaws(path: Path, raw: Mapping[str, Any], is_newest: bool) -> Iterator[str]:
    if not isinstance(raw, Mapping):
        raise TypeError(type(raw).__name__)
    keys = KEYS if is_newest else FORMER
    yield from (f"{key}: there is no such key" for key in raw if key not in keys)
    missing = [key for key in keys if key not in raw]
    yield from (f"{key}: it is missing" for key in missing)
    if missing:
        return
    if path.stem != f"tiers-{raw['edition']}":
        yield f"edition: it says {raw['edition']!r}"
    yield from (f"{key}: {raw[key]!r} is no whole number" for key in FORMER[-2:] if not _is_days(raw[key]))
    yield from _periods(raw)
    if is_newest:
        yield from _named(raw)
        yield from _expected(raw)
        yield from _limits(raw)


def _periods(raw: Mapping[str, Any]) -> Iterator[str]:
    for tier in _tiers(raw["tiers"]):
        yield from (
            f"tiers.{tier}.{check}: {days!r} is no number of days from 1 to {MOST_DAYS}"
            for check, days in raw["tiers"][tier].items()
            if not _is_days(days)
        )
    otherwise = raw["otherwise"]
    yield from (
        f"otherwise.{tier}: it is no number of days" for tier in TIERS if not _is_days(otherwise.get(tier))
    )
    yield from (f"tiers: tier {tier} is missing" for tier in TIERS if tier not in raw["tiers"])
    unknown = raw["halved_for_autonomy"].keys() - set(AUTONOMY)
    yield from (f"halved_for_autonomy.{each}: there is no such degree" for each in sorted(unknown))


def _named(raw: Mapping[str, Any]) -> Iterator[str]:
    """Checks whose period is named."""
    for tier in _tiers(raw["tiers"]):
        yield from _unknown(f"tiers.{tier}", raw["tiers"][tier])
    for degree, checks in raw["halved_for_autonomy"].items():
        yield from _unknown(f"halved_for_autonomy.{degree}", checks)


def _expected(raw: Mapping[str, Any]) -> Iterator[str]:
    by_place = {"expected": raw["expected"]}
    by_place |= {f"expected_where.{name}": by_tier for name, by_tier in raw["expected_where"].items()}
    for place, by_tier in by_place.items():
        yield from (f"{place}: tier {tier} is missing" for tier in TIERS if tier not in by_tier)
        for tier in _tiers(by_tier):
            yield from _unknown(f"{place}.{tier}", by_tier[tier])
    for key in ("expected_where", "not_expected_where"):
        yield from (f"{key}.{name}: there is no such answer" for name in raw[key] if name not in FACTS)
    for name, checks in raw["not_expected_where"].items():
        yield from _unknown(f"not_expected_where.{name}", checks)


def _limits(raw: Mapping[str, Any]) -> Iterator[str]:
    """By the rules of a plan: a check that there is, limits that it has, values that it takes."""
    yield from (f"limits: tier {tier} is missing" for tier in TIERS if tier not in raw["limits"])
    yield from (f"limits.{tier}: there is no such tier" for tier in raw["limits"] if tier not in TIERS)
    for tier in _tiers(raw["limits"]):
        for check, limits in raw["limits"][tier].items():
            for problem in problems_of_plan(check, limits, every_days=1, proposed=1, reason="a table"):
                yield f"limits.{tier}.{check}.{problem.where}: {problem.what}"


def _tiers(by_tier: Mapping[Any, Any]) -> list[int]:
    return [tier for tier in TIERS if tier in by_tier]


def _unknown(place: str, checks: Collection[str]) -> list[str]:
    return [f"{place}.{check}: there is no such check" for check in checks if check not in CHECKS]


def _is_days(value: object) -> bool:
    return type(value) is int and 1 <= value <= MOST_DAYS
