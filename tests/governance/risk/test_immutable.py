"""A grade on record never changes: the database refuses, whoever asks, and no service tries."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.risk import services
from governance.risk.models import RiskAssessment
from tests.factories import REGISTER
from tests.governance.inventory.made import registered
from tests.governance.risk.given import gravest, mildest

pytestmark = pytest.mark.django_db

CHANGES = {
    "risk_degree": "medium",
    "autonomy_degree": "medium",
    "tier": 2,
    "materiality": "high",
    "complexity": "high",
    "special_law": "another",
    "answers": {},
    "reasons": [],
    "edition": "kz-2099",
    "edition_sha256": "0" * 64,
    "rule": "0",
    "assessed_at": timezone.now(),
}


@pytest.fixture
def graded(owner) -> RiskAssessment:
    return services.assess(by=owner, model=registered(owner), answers=mildest())


def test_every_column_of_the_result_is_tried():
    columns = {field.name for field in RiskAssessment._meta.concrete_fields}

    assert columns - set(CHANGES) == {"id", "organisation", "model", "assessed_by", "superseded_at"}


@pytest.mark.parametrize("column", CHANGES)
def test_no_column_of_a_grade_changes(graded, column):
    with pytest.raises(IntegrityError), acting(REGISTER, "test.arranged"):
        RiskAssessment.objects.filter(pk=graded.pk).update(**{column: CHANGES[column]})


def test_no_grade_is_deleted(graded):
    with pytest.raises(IntegrityError), acting(REGISTER, "test.arranged"):
        RiskAssessment.objects.filter(pk=graded.pk).delete()


def test_a_grade_may_be_superseded_and_keeps_what_it_said(owner, graded):
    services.assess(by=owner, model=graded.model, answers=gravest())

    with viewing(owner):
        former = RiskAssessment.objects.get(pk=graded.pk)
    assert former.superseded_at is not None
    assert (former.risk_degree, former.tier, former.answers) == ("minimal", 4, mildest())
