"""A permission whose content has changed by the written list is void; nothing else ends it, and looking costs little."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from audits.models import LedgerEntry
from governance.approvals import services as approvals
from governance.approvals.models import Authorisation
from governance.inventory.models import AIModel, ModelVersion
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from governance.post.models import Message
from tests.factories import REGISTER
from tests.governance.approvals.conftest import check, grade, revise, sweep

pytestmark = pytest.mark.django_db


def state_of(permission) -> tuple[str, list[str]]:
    with viewing(REGISTER):
        row = Authorisation.objects.get(pk=permission.pk)
    return row.state, [each["key"] for each in row.reasons]


def test_a_superseded_document_makes_the_permission_void_and_the_owner_hears_why(permission, card, owner):
    revise(card, 2)
    sweep(permission)
    assert state_of(permission) == ("void", ["document_superseded", "evidence_revoked"])
    with viewing(REGISTER):
        message = Message.objects.get(key="authorisation_void")
        assert Evidence.objects.get(kind="approval").revoked_at is not None
        assert LedgerEntry.objects.filter(action="authorisation.voided", row=permission.pk).count() == 1
    assert message.to_id == owner.user_id
    assert "A newer revision of a cited document was handed in. (Model card)" in message.body


def test_a_stricter_grade_makes_it_void_and_a_milder_one_does_not(permission, model):
    grade(model, risk="minimal", tier=4)
    sweep(permission)
    assert state_of(permission) == ("active", [])
    grade(model, risk="high", tier=2)
    sweep(permission)
    assert state_of(permission) == ("void", ["grade_raised"])


def test_a_withdrawn_version_makes_it_void(permission):
    with acting(REGISTER, "test.arranged"):
        ModelVersion.objects.update(withdrawn_at=timezone.now())
    sweep(permission)
    assert state_of(permission) == ("void", ["version_withdrawn"])


def test_runs_new_documents_and_other_answers_leave_it_as_it_is(permission, version, model):
    from governance.inventory.models import Document

    check(version, "failed")
    with acting(REGISTER, "test.arranged"):
        AIModel.objects.update(purpose="Another wording")
        another = Document.objects.create(
            organisation_id=model.organisation_id, model=model, title="Report", kinds=["test_report"]
        )
    revise(another, 1)
    sweep(permission)
    assert state_of(permission) == ("active", [])


def test_when_nothing_changed_one_query_is_asked_and_nothing_is_written(
    permission, django_assert_num_queries
):
    with django_assert_num_queries(5):  # savepoint, settings, the query, settings, release
        approvals.catch_up(permission.organisation_id)


def test_what_it_writes_makes_no_further_work(permission, card, count):
    revise(card, 2)
    sweep(permission)
    sweep(permission)
    before = count(LedgerEntry)
    for _ in range(3):
        sweep(permission)
    assert count(LedgerEntry) == before


def test_an_expired_permission_needs_no_write(permission, card):
    then = timezone.now() - timedelta(days=400)
    with acting(REGISTER, "test.arranged"):
        Authorisation.objects.update(starts_at=then, expires_at=then + timedelta(days=365))
    revise(card, 2)
    sweep(permission)
    assert state_of(permission) == ("active", [])
