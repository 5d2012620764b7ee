"""How often a check is asked of a model of a given tier. Pure: reads the newest edition once, knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("tiers-2026-3.yaml")
"""The newest edition. Those before it stay beside it: plans name the edition whose proposal they took over."""
STRICTEST = 1
"""A model that nobody has graded is watched as closely as the highest tier."""


@dataclass(frozen=True)
class Proposal:
    """How often, in days, and from what it follows. tier: None while the model is not graded."""

    every_days: int
    edition: str
    tier: int | None
    autonomy: str

    def as_basis(self) -> dict[str, Any]:
        return asdict(self)


@cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(TABLE.read_text())
    return found


def propose(check_key: str, tier: int | None, autonomy: str = "") -> Proposal:
    """The period of one check. tier: 1 (highest) to 4, or None; autonomy: low, medium, high or ""."""
    table = _table()
    row = tier or STRICTEST
    days = int(table["tiers"][row].get(check_key, table["otherwise"][row]))
    if check_key in table["halved_for_autonomy"].get(autonomy, ()):
        days = max(1, days // 2)
    return Proposal(days, str(table["edition"]), tier, autonomy)


def tolerance() -> timedelta:
    """How late a check may be before that is a finding."""
    return timedelta(hours=_table()["tolerance_hours"])


def grace(every_days: int) -> timedelta:
    """How late a data period may be before that is a finding."""
    return timedelta(days=max(int(_table()["grace_days"]), every_days // 10))
