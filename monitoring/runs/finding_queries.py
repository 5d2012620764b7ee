"""What pages ask about findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from governance.people.actor import Actor
from governance.people.models import Membership
from monitoring.runs import telling
from monitoring.runs.models import Finding, FindingQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATES = ("open", "overdue", "closed", "all")
SEVERITIES = ("red", "amber")


@dataclass(frozen=True)
class Told:
    """A finding as a page shows it on a day."""

    finding: Finding
    on: date

    @property
    def overdue_since(self) -> date | None:
        """The first day on which it should have been dealt with already; None while it is in time, or closed."""
        due_on = self.finding.due_on
        if self.finding.closed_at or due_on is None or due_on >= self.on:
            return None
        return due_on + timedelta(days=1)

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
        if self.state == "overdue":
            found = found.open().filter(due_on__lt=timezone.localdate())
        elif self.state != "all":
            found = found.filter(closed_at__isnull=self.state == "open")
        return found.filter(severity=self.severity) if self.severity else found

    def fits(self, finding: Finding, end: datetime) -> bool:
        """Whether a finding that was opened before `end` is wanted, as it stood then."""
        is_open = finding.closed_at is None or finding.closed_at >= end
        last_day = timezone.localdate(end - timedelta(microseconds=1))
        is_overdue = is_open and finding.due_on is not None and finding.due_on < last_day
        of_state = {"all": True, "open": is_open, "overdue": is_overdue, "closed": not is_open}[self.state]
        return of_state and self.severity in ("", finding.severity)


def findings(actor: Actor, chosen: Filter) -> FindingQuerySet:
    """The open ones first, of them the red ones, then the newest."""
    visible = chosen.narrow(Finding.objects.visible_to(actor))
    return with_context(visible).order_by(F("closed_at").desc(nulls_first=True), "-severity", "-opened_at")


def may_hold(today: date) -> QuerySet[Membership]:
    """Seats of those who can deal with a finding: nobody who has left or leaves today, and no auditor."""
    here = Membership.objects.current(today).filter(
        Q(ends_on=None) | Q(ends_on__gt=today), user__is_active=True
    )
    return here.exclude(role="auditor")


def held_by(found: FindingQuerySet, user_id: UUID | None, today: date) -> FindingQuerySet:
    """Those that a person deals with. Where nobody does, or somebody who has left or leaves today, it is the model's owner."""
    holder = may_hold(today).filter(organisation_id=OuterRef("organisation_id"), user_id=OuterRef("owner_id"))
    return found.filter(Q(owner_id=user_id) | Q(~Exists(holder), model__owner_id=user_id))


def overdue_first(found: FindingQuerySet, today: date) -> FindingQuerySet:
    """Those whose day has passed, the longest overdue before others; then the red ones, then the newest."""
    passed = Case(When(due_on__lt=today, then=F("due_on")), default=Value(None))
    return found.order_by(passed.asc(nulls_last=True), "-severity", "-opened_at")


def with_context(found: FindingQuerySet) -> FindingQuerySet:
    return found.select_related("model", "version", "window", "dataset", "incident", "owner")


def told(found: FindingQuerySet) -> list[Told]:
    return shown(with_context(found), timezone.localdate())


def shown(found: Iterable[Finding], on: date) -> list[Told]:
    return [Told(each, on) for each in found]
