"""Limits to try: one of a check, or a file of them by tier in the form of the tiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from governance.risk.preview.handed_in import parsed, refused
from monitoring.checks.check import Limits
from monitoring.runs.plans import problems_of_plan
from monitoring.runs.tiers import STRICTEST

TIERS = (1, 2, 3, 4)
KEYS = frozenset({"edition", "tiers"})


@dataclass(frozen=True)
class Candidate:
    """tiers: tier → check → limit → value. What is not named stays as each plan has it."""

    tiers: Mapping[int, Mapping[str, Limits]]
    edition: str = ""

    def limits(self, check_key: str, tier: int | None) -> Limits:
        """Of a check of a model of a tier; one that nobody has graded is watched as closely as the highest."""
        return self.tiers.get(tier or STRICTEST, {}).get(check_key, {})


def from_file(content: bytes) -> Candidate:
    """Raises RuleBroken: each flaw by itself, with its place in the file."""
    raw = parsed(content)
    found = list(_flaws(raw))
    if found:
        raise refused(*found)
    return Candidate(raw["tiers"], str(raw.get("edition", "")))


def one(check_key: str, key: str, value: float, tier: int | None = None) -> Candidate:
    """One limit, for the models of one tier or of all. Raises RuleBroken."""
    chosen = {each: {check_key: {key: value}} for each in ([tier] if tier else TIERS)}
    found = list(_of_tiers(chosen))
    if found:
        raise refused(*dict.fromkeys(found))
    return Candidate(chosen)


def _flaws(raw: Any) -> Iterator[str]:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("tiers"), Mapping) or not raw["tiers"]:
        yield _(
            "This is no list of limits: it begins with “tiers”, and under it stand tier, check, limit and value."
        )
        return
    yield from (_("%(key)s: there is no such key.") % {"key": key} for key in raw if key not in KEYS)
    yield from _of_tiers(raw["tiers"])


def _of_tiers(tiers: Mapping[Any, Any]) -> Iterator[str]:
    for tier, checks in tiers.items():
        place = f"tiers.{tier}"
        if type(tier) is not int or tier not in TIERS:
            yield _("%(place)s: a tier is a number from 1 to 4.") % {"place": place}
        elif not isinstance(checks, Mapping):
            yield _("%(place)s: under it stand a check, a limit and a value.") % {"place": place}
        else:
            for key, limits in checks.items():
                yield from _of_check(f"{place}.{key}", key, limits)


def _of_check(place: str, key: Any, limits: Any) -> Iterator[str]:
    """The same words as where a plan is set."""
    if not isinstance(limits, Mapping) or not isinstance(key, str):
        yield _("%(place)s: under it stand a check, a limit and a value.") % {"place": place}
        return
    for problem in problems_of_plan(key, limits, every_days=1, proposed=1, reason="tried"):
        where = f"{place}.{problem.where}" if problem.where in limits else place
        yield f"{where}: {problem.what}"
