"""A document counts once a second person has read it, from its day on and until its last one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.desk.waiting import waiting_for
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services
from governance.inventory.models import Revision
from governance.inventory.reviewed import Review
from governance.obligations import services as obligations
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, join, sign_in
from tests.governance.inventory.made import PDF, accept, accepted, document, registered


@pytest.fixture
def model(owner):
    return registered(owner)


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def counting(model) -> list[object]:
    obligations.catch_up(model.organisation_id)
    with viewing(REGISTER):
        return list(Evidence.objects.standing().filter(model=model).values_list("source_id", flat=True))


def test_it_counts_once_a_second_person_has_accepted_it(owner, validator, model):
    revision = document(owner, model)
    assert counting(model) == []

    services.review_document(by=validator, revision=revision, verdict="accepted", note="Complete.")

    assert counting(model) == [revision.pk]
    with viewing(validator):
        kept = Revision.objects.get(pk=revision.pk)
    assert (kept.review, kept.reviewed_by_id, kept.review_note) == (
        "accepted",
        validator.user_id,
        "Complete.",
    )


def test_the_former_revision_counts_until_the_new_one_is_accepted(owner, model):
    first = accepted(owner, model)
    second = document(owner, model, PDF + b"2", document=first.document, title="Other", kinds=["data_sheet"])
    assert counting(model) == [first.pk]

    accept(second)

    assert counting(model) == [second.pk]


def test_neither_who_handed_it_in_nor_the_owner_nor_another_owner_reviews_it(owner, validator, bank, model):
    by_owner, by_validator = document(owner, model), document(validator, model, title="Report")
    other_owner = join(bank, "model_owner", email="other@bank.example")
    owner_too = join(bank, "validator", email="o@bank.example")
    with acting(REGISTER, "test.arranged"):
        type(model).objects.filter(pk=model.pk).update(owner_id=owner_too.user_id)

    for actor, revision in ((owner, by_owner), (validator, by_validator), (other_owner, by_owner)):
        with pytest.raises(NotAllowed):
            services.review_document(by=actor, revision=revision, verdict="accepted")
    with pytest.raises(NotAllowed):
        services.review_document(by=owner_too, revision=by_owner, verdict="accepted")


def test_it_is_returned_with_a_reason_and_the_same_file_may_come_again(owner, validator, model):
    revision = document(owner, model)
    with pytest.raises(RuleBroken):
        services.review_document(by=validator, revision=revision, verdict="returned", note=" ")
    services.review_document(by=validator, revision=revision, verdict="returned", note="Sign it.")
    with pytest.raises(OutOfOrder):
        services.review_document(by=validator, revision=revision, verdict="accepted")

    again = document(owner, model, document=revision.document)

    assert (again.number, again.review, counting(model)) == (2, Review.WAITING, [])


def test_the_same_file_as_another_kind_or_language_is_another_revision(owner, model):
    first = document(owner, model)
    again = document(owner, model, document=first.document)
    other_kind = document(owner, model, document=first.document, kinds=["data_sheet"])
    other_language = document(owner, model, document=first.document, kinds=["data_sheet"], language="kk")

    assert (again, other_kind.number, other_language.number) == (first, 2, 3)
    assert other_kind.kinds == ["data_sheet"] and other_language.language == "kk"


def test_it_counts_from_its_day_on_though_nobody_acts_on_that_day(owner, model, monkeypatch):
    revision = accepted(owner, model, effective_on=day(3))
    assert counting(model) == []
    now = timezone.now()

    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=2))
    assert counting(model) == []
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=3))
    assert counting(model) == [revision.pk]


def test_its_evidence_begins_on_its_day_and_ends_on_its_last(owner, model):
    revision = accepted(owner, model, effective_on=day(-40), valid_until=day(9))
    counting(model)

    with viewing(owner):
        piece = Evidence.objects.get(source_id=revision.pk)
    assert timezone.localdate(piece.taken_at) == day(-40) and piece.valid_until == day(9)
    assert timezone.localdate(revision.uploaded_at) == day(0)


@pytest.mark.parametrize(("first", "last"), [(0, -1), (5, 4), (-9, -1)])
def test_days_that_cannot_be_are_refused_and_nothing_is_written(owner, model, first, last):
    with pytest.raises(RuleBroken) as refused:
        document(owner, model, effective_on=day(first), valid_until=day(last))

    assert [problem.where for problem in refused.value.problems] == ["valid_until"]
    with viewing(owner):
        assert not Revision.objects.exists()


def test_the_database_itself_asks_for_a_second_person(owner, model):
    revision = document(owner, model)
    with pytest.raises(IntegrityError), acting(owner, "test.arranged"):
        Revision.objects.filter(pk=revision.pk).update(
            review=Review.ACCEPTED, reviewed_by_id=owner.user_id, reviewed_at=timezone.now()
        )


def test_what_was_on_file_before_reviews_were_asked_for_counts(owner, model):
    revision = document(owner, model)
    with acting(owner, "test.arranged"):
        Revision.objects.filter(pk=revision.pk).update(review=Review.NOT_ASKED)

    assert counting(model) == [revision.pk]


def test_the_second_line_finds_it_reads_it_and_decides_on_its_page(owner, validator, model):
    revision = document(owner, model)
    page = reverse("inventory:review-revision", args=[revision.pk])
    web, of_owner = sign_in(Client(), validator), sign_in(Client(), owner)
    with viewing(validator):
        assert page in [each.url for each in waiting_for(validator)]
    with viewing(owner):
        assert page not in [each.url for each in waiting_for(owner)]
    assert "waits for review" in of_owner.get(reverse("model", args=[model.pk])).content.decode().lower()
    assert of_owner.get(page).status_code == 403
    assert reverse("inventory:file", args=[revision.pk]) in web.get(page).content.decode()
    assert web.post(page, {"verdict": "returned", "note": ""}).status_code == 422

    answer = web.post(page, {"verdict": "accepted", "note": "Complete."}, follow=True)

    shown = answer.content.decode()
    assert answer.redirect_chain[0][0] == reverse("inventory:document", args=[revision.document_id])
    assert "Complete." in shown and "On file" in shown and "Review it" not in shown
