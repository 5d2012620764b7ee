"""What pages ask about findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from governance.people.actor import Actor
from monitoring.runs import telling
from monitoring.runs.models import Finding, FindingQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATES = ("open", "closed", "all")
SEVERITIES = ("red", "amber")


@dataclass(frozen=True)
class Told:
    """A finding as a page shows it."""

    finding: Finding

    @property
    def status(self) -> str:
        return "closed" if self.finding.closed_at else self.finding.severity

    @property
    def title(self) -> StrOrPromise:
        return telling.title(self.finding)

    @property
    def sentence(self) -> str:
        return telling.found(self.finding)

    @property
    def closed(self) -> str:
        return telling.closed(self.finding.closing)


@dataclass(frozen=True)
class Filter:
    """Which findings a reader wants to see. Anything unknown falls back to the open ones of every severity."""

    state: str = "open"
    severity: str = ""

    @classmethod
    def of(cls, state: str, severity: str) -> Filter:
        return cls(state if state in STATES else "open", severity if severity in SEVERITIES else "")

    def narrow(self, found: FindingQuerySet) -> FindingQuerySet:
        if self.state != "all":
            found = found.filter(closed_at__isnull=self.state == "open")
        return found.filter(severity=self.severity) if self.severity else found

    def fits(self, finding: Finding, end: datetime) -> bool:
        """Whether a finding that was opened before `end` is wanted, as it stood then."""
        is_open = finding.closed_at is None or finding.closed_at >= end
        of_state = self.state == "all" or is_open == (self.state == "open")
        return of_state and self.severity in ("", finding.severity)


def findings(actor: Actor, chosen: Filter) -> FindingQuerySet:
    """The open ones first, of them the red ones, then the newest."""
    visible = chosen.narrow(Finding.objects.visible_to(actor))
    return with_context(visible).order_by(F("closed_at").desc(nulls_first=True), "-severity", "-opened_at")


def with_context(found: FindingQuerySet) -> FindingQuerySet:
    return found.select_related("model", "version", "window", "dataset", "incident", "owner")


def told(found: FindingQuerySet) -> list[Told]:
    return [Told(each) for each in with_context(found)]


def shown(found: Iterable[Finding]) -> list[Told]:
    return [Told(each) for each in found]
