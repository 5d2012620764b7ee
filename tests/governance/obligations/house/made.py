"""The smallest papers and trainings of an organisation."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from governance.obligations.house import services
from governance.obligations.house import training as trainings
from governance.obligations.house.models import HousePaper, HouseRevision, Training
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from tests.factories import REGISTER
from tests.governance.inventory.made import PDF


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def home_of(actor: Actor) -> Organisation:
    with viewing(actor):
        return Organisation.objects.get(pk=actor.organisation_id)


def paper_of(revision: HouseRevision) -> HousePaper:
    with viewing(REGISTER):
        return HousePaper.objects.get(pk=revision.paper_id)


def handed_in(
    by: Actor, *kinds: str, paper: HousePaper | None = None, content: bytes = PDF, **said: Any
) -> HouseRevision:
    given = {
        "title": "AI policy",
        "kinds": list(kinds) or ["ai_policy"],
        "file": io.BytesIO(content),
        "file_name": "policy.pdf",
        "language": "ru",
        "effective_on": day(-10),
        **said,
    }
    return services.hand_in(by=by, organisation=home_of(by), said=services.HandedIn(**given), paper=paper)


def accepted(by: Actor, second: Actor, *kinds: str, **said: Any) -> HouseRevision:
    return services.review(by=second, revision=handed_in(by, *kinds, **said), verdict="accepted")


def trained(by: Actor, *people: str, **said: Any) -> Training:
    held = {"topic": "AI literacy", "held_on": day(-1), **said}
    return trainings.record(
        by=by, organisation=home_of(by), held=trainings.Held(people=list(people or ["A. Analyst"]), **held)
    )
