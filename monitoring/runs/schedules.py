"""What a plan does about missed ticks, free days and evidence that lapses, as proposed for a tier. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from monitoring.runs.tiers import STRICTEST

TABLE = Path(__file__).with_name("schedule-2026-1.yaml")
ONCE, SKIP = "once", "skip"
MOST_RENEW_DAYS = 90


@dataclass(frozen=True)
class Schedule:
    """missed_ticks: once = make up by one run now, skip = wait for the next one. renew_days: 0 = not before it has lapsed."""

    missed_ticks: str = ONCE
    working_days_only: bool = False
    renew_days: int = 0

    def as_fields(self) -> dict[str, Any]:
        return asdict(self)


@cache
def _table() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.load(TABLE.read_text(), Loader=yaml.CSafeLoader)
    return found


def edition() -> str:
    return str(_table()["edition"])


def propose(tier: int | None) -> Schedule:
    """tier: 1 (highest) to 4, or None while nobody has graded the model."""
    row = tier or STRICTEST
    return Schedule(**{name: _table()[name][row] for name in Schedule().as_fields()})


def due_days(severity: str) -> int:
    """Within how many days a finding is to be dealt with."""
    return int(_table()["finding_due_days"][severity])


def problems(said: Schedule, proposed: Schedule, reason: str) -> list[Problem]:
    """What is wrong with a schedule; another one than is proposed needs a reason."""
    found = []
    if said.missed_ticks not in (ONCE, SKIP):
        found.append(Problem("missed_ticks", _("This is not one of the choices.")))
    if not 0 <= said.renew_days <= MOST_RENEW_DAYS:
        found.append(Problem("renew_days", _("Say 0 to 90 days.")))
    if said != proposed and not reason.strip():
        found.append(Problem("reason", _("Another schedule than the proposed one needs a reason.")))
    return found
