"""Once a morning people are told of findings, in one letter each: of red ones that are new to them, and of what is overdue.

A letter for each finding would be a hundred of them after a bad night. What cannot wait for the morning is an incident, which
is told at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Role, User
from governance.post import services as post
from monitoring.runs.finding_queries import may_hold, shown, with_context
from monitoring.runs.models import Finding, FindingQuerySet

MORNING = 8
"""The hour from which a day's letters are written, in the time of the installation."""
NAMED = 10
"""How many findings of a kind a letter names; of the others it says how many they are."""


@dataclass
class Letter:
    """What one person is told."""

    red: list[Finding] = field(default_factory=list)
    overdue: list[Finding] = field(default_factory=list)

    def as_context(self) -> dict[str, object]:
        today = timezone.localdate()
        return {
            "red": shown(self.red[:NAMED], today),
            "overdue": shown(self.overdue[:NAMED], today),
            "count_red": len(self.red),
            "count_overdue": len(self.overdue),
            "other_red": len(self.red[NAMED:]),
            "other_overdue": len(self.overdue[NAMED:]),
        }

    @property
    def link(self) -> str:
        return reverse("runs:all-findings") + ("" if self.red else "?state=overdue")


def tell(clerk: Actor, organisation_id: UUID) -> None:
    """Write what has to be told since this morning. Where there is nothing it asks one query and writes nothing."""
    here = Finding.objects.open().filter(organisation_id=organisation_id)
    morning = last_morning(timezone.now())
    with viewing(clerk):
        if not here.filter(_is_red(morning) | _is_overdue(morning)).exists():
            return
    with acting(clerk, "findings.told"):
        red, overdue = _taken(here.filter(_is_red(morning))), _taken(here.filter(_is_overdue(morning)))
        for to, letter in _letters(organisation_id, red, overdue).items():
            post.send(
                organisation_id=organisation_id,
                to=to,
                key="findings_waiting",
                context=letter.as_context(),
                link=letter.link,
            )
        here.filter(pk__in=[each.pk for each in red]).update(told_at=timezone.now())
        here.filter(pk__in=[each.pk for each in overdue]).update(reminded_at=timezone.now())


def _is_red(morning: datetime) -> Q:
    """And found before the morning: what is found by day is in the letter of the next one."""
    return Q(severity="red", told_at=None, seen_at__lt=morning)


def _is_overdue(morning: datetime) -> Q:
    return Q(due_on__lt=timezone.localdate(morning), reminded_at=None)


def _taken(found: FindingQuerySet) -> list[Finding]:
    """What another sweep is telling, or somebody is changing just now, has its turn in the next sweep."""
    ours = found.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return list(with_context(ours).select_related("model__owner").order_by("due_on", "opened_at"))


def _letters(
    organisation_id: UUID, red: Sequence[Finding], overdue: Sequence[Finding]
) -> Mapping[User, Letter]:
    """To whoever deals with a finding; to the second line what is overdue, and what nobody is left to deal with."""
    seats = may_hold(timezone.localdate()).filter(organisation_id=organisation_id)
    here = set(seats.values_list("user_id", flat=True))
    second_line = list(User.objects.filter(pk__in=seats.filter(role=Role.VALIDATOR).values("user_id")))
    letters: defaultdict[User, Letter] = defaultdict(Letter)
    for each in red:
        for to in _holder(each, here) or second_line:
            letters[to].red.append(each)
    for each in overdue:
        for to in {*_holder(each, here), *second_line}:
            letters[to].overdue.append(each)
    return letters


def _holder(finding: Finding, here: Collection[UUID]) -> list[User]:
    """Who deals with it, else the owner of the model; nobody where both have left."""
    held = [each for each in (finding.owner, finding.model.owner) if each is not None and each.pk in here]
    return held[:1]


def last_morning(now: datetime) -> datetime:
    """When the letters of today may be written; before that hour, of yesterday."""
    local = timezone.localtime(now)
    today = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return today if today <= local else today - timedelta(days=1)
