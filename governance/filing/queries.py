"""What pages read: what is asked of a participant, and how far the market has answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from governance.filing.models import Campaign, Return
from governance.people.models import Kind, Organisation


@dataclass(frozen=True)
class Asked:
    """One open campaign as a participant meets it. filed: its return that stands, or None."""

    campaign: Campaign
    filed: Return | None
    state: str


@dataclass(frozen=True)
class Answer:
    """One participant in one campaign. state: on_time, late, overdue, or open while there is time."""

    organisation: Organisation
    filed: Return | None
    state: str


@dataclass(frozen=True)
class Progress:
    """One campaign with everybody's answers, those that are overdue first."""

    campaign: Campaign
    answers: Sequence[Answer]

    @property
    def overdue(self) -> Sequence[Answer]:
        return [each for each in self.answers if each.state == "overdue"]

    @property
    def filed(self) -> int:
        return sum(each.filed is not None for each in self.answers)

    @property
    def late(self) -> int:
        return sum(each.state == "late" for each in self.answers)


ORDER = ("overdue", "open", "late", "on_time")


def asked_of(organisation_id: UUID, today: date) -> list[Asked]:
    """Open campaigns, the one that is due first at the top, in two queries."""
    campaigns = list(Campaign.objects.open().order_by("due_on"))
    standing = Return.objects.standing().filter(organisation_id=organisation_id, campaign__in=campaigns)
    filed = {each.campaign_id: each for each in standing}
    return [Asked(each, filed.get(each.pk), _state(each, filed.get(each.pk), today)) for each in campaigns]


def progress(campaigns: Sequence[Campaign], today: date) -> list[Progress]:
    """How far the market has answered each campaign, in two queries."""
    participants = list(Organisation.objects.filter(kind=Kind.PARTICIPANT))
    filed: Mapping[UUID, dict[UUID, Return]] = defaultdict(dict)
    for each in Return.objects.standing().filter(campaign__in=campaigns).defer("rows"):
        filed[each.campaign_id][each.organisation_id] = each
    return [Progress(each, _answers(each, participants, filed[each.pk], today)) for each in campaigns]


def _answers(
    campaign: Campaign, participants: Sequence[Organisation], filed: Mapping[UUID, Return], today: date
) -> list[Answer]:
    """Whoever joined after the day on which returns were due is not asked, unless they filed all the same."""
    asked = [each for each in participants if each.pk in filed or is_asked(each, campaign)]
    answers = [
        Answer(each, filed.get(each.pk), _state(campaign, filed.get(each.pk), today)) for each in asked
    ]
    return sorted(answers, key=lambda each: (ORDER.index(each.state), str(each.organisation)))


def is_asked(organisation: Organisation, campaign: Campaign) -> bool:
    """Participants that had joined by the day on which returns were due."""
    joined = timezone.localdate(organisation.created_at)
    return organisation.kind == Kind.PARTICIPANT and joined <= campaign.due_on


def _state(campaign: Campaign, filed: Return | None, today: date) -> str:
    if filed is not None:
        return "late" if filed.is_late else "on_time"
    return "overdue" if campaign.is_overdue(today) else "open"
