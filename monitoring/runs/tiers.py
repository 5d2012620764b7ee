"""What is proposed for the checks of a model of a given tier: which are expected, how often, with which limits.

Pure: reads the newest edition once, knows no database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("tiers-2026-4.yaml")
"""The newest edition. Those before it stay beside it: plans name the edition whose proposal they took over."""
STRICTEST = 1
"""A model that nobody has graded is watched as closely as the highest tier."""
FACTS = ("decisions_about_persons", "solely_automated", "trading", "generative", "credit_scoring")
"""Answers of the registration by which a table may expect a check, or not."""


@dataclass(frozen=True)
class Proposal:
    """How often, in days, with which limits in place of the check's own, and from what it follows.

    tier: None while the model is not graded.
    """

    every_days: int
    edition: str
    tier: int | None
    autonomy: str
    limits: Mapping[str, Any] = field(default_factory=dict)

    def as_basis(self, days: int, otherwise: Mapping[str, Any]) -> dict[str, Any]:
        """What a plan with so many days keeps of it. otherwise: proposed value of each limit that the plan sets otherwise."""
        from_it = {"edition": self.edition, "tier": self.tier}
        its_days = {"every_days": days, **from_it, "autonomy": self.autonomy}
        taken = its_days if days == self.every_days else {}
        return {**taken, "limits": {**from_it, "otherwise": dict(otherwise)}}


@cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.load(TABLE.read_text(), Loader=yaml.CSafeLoader)
    return found


def edition() -> str:
    return str(_table()["edition"])


def propose(check_key: str, tier: int | None, autonomy: str = "") -> Proposal:
    """The period and the limits of one check. tier: 1 (highest) to 4, or None; autonomy: low, medium, high or ""."""
    table = _table()
    row = tier or STRICTEST
    days = int(table["tiers"][row].get(check_key, table["otherwise"][row]))
    if check_key in table["halved_for_autonomy"].get(autonomy, ()):
        days = max(1, days // 2)
    return Proposal(days, edition(), tier, autonomy, table["limits"][row].get(check_key, {}))


def expected(tier: int, facts: Collection[str]) -> list[str]:
    """The checks that a model in use is expected to have, in the order of the table. facts: those of FACTS that hold."""
    table = _table()
    wanted = [*table["expected"][tier]]
    wanted += [
        key for name, by_tier in table["expected_where"].items() if name in facts for key in by_tier[tier]
    ]
    left_out = {key for name, keys in table["not_expected_where"].items() if name in facts for key in keys}
    return [key for key in dict.fromkeys(wanted) if key not in left_out]


def tolerance() -> timedelta:
    """How late a check may be before that is a finding."""
    return timedelta(hours=_table()["tolerance_hours"])


def grace(every_days: int) -> timedelta:
    """How late a data period may be before that is a finding."""
    return timedelta(days=max(int(_table()["grace_days"]), every_days // 10))
