"""A pack says of each requirement who signed its mapping, and names a conclusion over one that nobody signed."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.utils import timezone

from audits.packs import gaps
from audits.packs.gathered import gather
from audits.packs.sections import requirements
from audits.packs.subject import Subject
from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.people.acting import viewing
from tests.factories import REGISTER
from tests.governance.obligations.things import a_model, a_paper, signed

pytestmark = pytest.mark.django_db

RISKS = "kz-art18-1-1-identify-risks"
UNSIGNED, UNCONCLUDED, PARTLY = (
    "Conclusions over a mapping that nobody signed",
    "Evidence on which nobody of the second line has concluded",
    "Requirements concluded as not met or only partly met",
)


@pytest.fixture
def model(bank, owner) -> AIModel:
    model = a_model(owner, role="owner_or_holder", origin="in_house")
    a_paper(owner, model, "risk_register")
    obligations.catch_up(bank.pk)
    return model


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def conclude(validator, model, verdict: str) -> None:
    obligations.conclude(
        by=validator, model=model, obligation_key=RISKS, verdict=verdict, reason="I read it."
    )


def subject(model, now) -> Subject:
    return Subject(AIModel.objects.select_related("organisation", "owner").get(pk=model.pk), now)


def gap(model, now, title: str) -> list[str]:
    with viewing(REGISTER):
        [found] = [each for each in gaps.found(gather(subject(model, now))) if each.title == title]
    return [item for item in found.items if item.startswith("Art. 18(1)(1) ·")]


def line(model, now) -> dict:
    with viewing(REGISTER):
        *_, part = requirements.parts(subject(model, now))
        lines = json.loads(b"".join(part.chunks))["lines"]
    return next(each for each in lines if each["key"] == RISKS)


def test_a_conclusion_over_an_unsigned_mapping_is_a_gap_until_a_lawyer_signs(bank, validator, model, now):
    assert gap(model, now, UNCONCLUDED) and not gap(model, now, UNSIGNED)
    conclude(validator, model, "met")
    assert gap(model, now, UNSIGNED) and not gap(model, now, UNCONCLUDED)

    signed(validator, bank, RISKS)
    assert not gap(model, now, UNSIGNED) and not gap(model, now, UNCONCLUDED)


def test_what_is_only_partly_met_is_a_gap(bank, validator, model, now):
    signed(validator, bank, RISKS)
    conclude(validator, model, "partly")

    assert gap(model, now, PARTLY)


def test_the_requirements_of_a_pack_carry_the_signature(bank, validator, model, now):
    conclude(validator, model, "met")
    told = line(model, now)
    assert (told["mapping"]["signed"], told["conclusion_stands"]) == (None, "unsigned")

    made = signed(validator, bank, RISKS)
    told = line(model, now)
    assert told["conclusion_stands"] == "met"
    assert told["mapping"]["digest"] == made.mapping_digest
    assert told["mapping"]["signed"] == {
        "name": made.name,
        "position": made.position,
        "edition": "2026-11-22",
        "signed_at": made.signed_at.isoformat(),
        "recorded_by": str(validator.user_id),
    }
    assert told["ground"] == {"wording": "unofficial", "mapping": "signed", "translation": "ours"}
