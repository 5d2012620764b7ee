"""What the pages of engagements and visits show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audits.engagements.models import Engagement
from audits.packs.models import Pack
from governance.inventory.models import AIModel
from governance.people import recognition
from governance.people.actor import Actor
from governance.people.models import Kind, Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATES: dict[str, StrOrPromise] = {
    "planned": _("Planned"),
    "running": _("Under way"),
    "ended": _("Ended"),
}
LOOKS = {"planned": "due", "running": "running", "ended": "closed"}


@dataclass(frozen=True)
class Shown:
    """An engagement as a page shows it. models: those in scope, None where it is all of them."""

    engagement: Engagement
    state: str
    auditors: Sequence[str]
    models: Sequence[AIModel] | None
    packs: Sequence[Pack] = ()

    @property
    def words(self) -> StrOrPromise:
        return STATES[self.state]

    @property
    def look(self) -> str:
        return LOOKS[self.state]


@dataclass(frozen=True)
class Door:
    """An organisation that lets this auditor in today."""

    organisation_id: UUID
    name: str
    here: bool


def shown(engagements: Iterable[Engagement], actor: Actor, on: date) -> list[Shown]:
    """With auditors, models and packs, in a fixed number of queries."""
    there = list(engagements)
    by_id = {str(each.pk): each for each in AIModel.objects.visible_to(actor).filter(pk__in=_wanted(there))}
    packs: dict[UUID, list[Pack]] = {}
    ordered = Pack.objects.visible_to(actor).filter(engagement__in=there)
    for pack in ordered.select_related("model", "requested_by"):
        packs.setdefault(pack.engagement_id, []).append(pack)
    return [_shown(each, on, by_id, packs.get(each.pk, [])) for each in there]


def _wanted(engagements: Iterable[Engagement]) -> set[str]:
    return {key for each in engagements for key in each.model_ids or ()}


def _shown(engagement: Engagement, on: date, by_id: dict[str, AIModel], packs: list[Pack]) -> Shown:
    ids = engagement.model_ids
    models = None if ids is None else sorted((by_id[key] for key in ids if key in by_id), key=_number)
    auditors = sorted(str(visit.user) for visit in engagement.visits.all())
    return Shown(engagement, engagement.state(on), auditors, models, packs)


def _number(model: AIModel) -> str:
    return model.number


def doors(actor: Actor) -> list[Door]:
    """Every organisation that this person may visit as an auditor today, their own firm left out."""
    if actor.user_id is None:
        return []
    return [
        Door(each.organisation_id, each.name, each.organisation_id == actor.organisation_id)
        for each in recognition.belongings(actor.user_id)
        if Role.AUDITOR in each.roles and each.kind != Kind.AUDIT_FIRM
    ]


def engagement_of(actor: Actor, model: AIModel, on: date) -> Engagement | None:
    """The running engagement under which this auditor looks at a model, if there is one."""
    running = Engagement.objects.visible_to(actor).of(actor.user_id).running(on)
    each: Engagement
    for each in running.filter(organisation_id=model.organisation_id).order_by("starts_on", "number"):
        if each.model_ids is None or str(model.pk) in each.model_ids:
            return each
    return None
