"""A mistaken upload is taken back: it no longer counts, the one before counts again, and the trace stays."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from governance import store
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services
from governance.inventory.models import AIModel, Revision
from governance.obligations import services as obligations
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from tests.factories import sign_in
from tests.governance.inventory.made import PDF, accepted, document, draft, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(owner):
    return registered(owner)


def counting(actor, model) -> list[object]:
    """Revisions that are evidence now, after the room above has caught up."""
    obligations.catch_up(model.organisation_id)
    with viewing(actor):
        return list(Evidence.objects.standing().filter(model=model).values_list("source_id", flat=True))


def test_the_revision_before_counts_again_and_the_file_stays(owner, model):
    first = accepted(owner, model)
    second = accepted(owner, model, PDF + b"2", document=first.document)
    assert counting(owner, model) == [second.pk]

    services.withdraw_revision(by=owner, revision=second, reason="The wrong file")

    assert counting(owner, model) == [first.pk]
    assert store.read(second.organisation_id, second.sha256) == PDF + b"2"
    with viewing(owner):
        kept = Revision.objects.get(pk=second.pk)
    assert (kept.withdrawn_reason, kept.withdrawn_by_id, kept.sha256) == (
        "The wrong file",
        owner.user_id,
        second.sha256,
    )


def test_what_a_person_revoked_does_not_come_back(owner, validator, model):
    first = accepted(owner, model)
    counting(owner, model)
    with viewing(validator):
        piece = Evidence.objects.get(source_id=first.pk)
    obligations.revoke(by=validator, evidence=piece, reason="It is a draft")
    second = accepted(owner, model, PDF + b"2", document=first.document)
    counting(owner, model)

    services.withdraw_revision(by=owner, revision=second, reason="The wrong file")

    assert counting(owner, model) == []


def test_the_title_and_the_kinds_of_the_standing_revision_return(owner, model):
    first = accepted(owner, model)
    second = accepted(
        owner, model, PDF + b"2", document=first.document, title="Minutes", kinds=["review_minutes"]
    )

    services.withdraw_revision(by=owner, revision=second, reason="The wrong document")

    with viewing(owner):
        title = Revision.objects.get(pk=first.pk).document
    assert (title.title, title.kinds) == ("Model card", ["model_card"])


def test_without_another_revision_nothing_counts_and_the_next_one_has_the_next_number(owner, model):
    only = accepted(owner, model)
    services.withdraw_revision(by=owner, revision=only, reason="The wrong file")
    assert counting(owner, model) == []

    again = accepted(owner, model, document=only.document)

    assert (again.number, counting(owner, model)) == (2, [again.pk])


def test_it_needs_a_reason_and_happens_once(owner, model):
    revision = document(owner, model)
    with pytest.raises(RuleBroken):
        services.withdraw_revision(by=owner, revision=revision, reason=" ")
    services.withdraw_revision(by=owner, revision=revision, reason="The wrong file")
    with pytest.raises(OutOfOrder):
        services.withdraw_revision(by=owner, revision=revision, reason="Again")


def test_the_owner_and_whoever_handed_it_in_may_and_nobody_else(owner, validator, stranger, model):
    of_owner = document(owner, model)
    of_validator = document(validator, model, title="Validation report", kinds=["validation_report"])

    for actor in (validator, stranger):
        with pytest.raises(NotAllowed):
            services.withdraw_revision(by=actor, revision=of_owner, reason="Not mine")
    services.withdraw_revision(by=validator, revision=of_validator, reason="The wrong file")
    with viewing(owner):
        assert Revision.objects.filter(withdrawn_at=None).get() == of_owner


def test_the_page_shows_every_revision_with_what_became_of_it(owner, model):
    web = sign_in(Client(), owner)
    first = accepted(owner, model)
    second = document(owner, model, PDF + b"2", document=first.document)
    page = reverse("inventory:withdraw-revision", args=[second.pk])
    assert "Revision 1 counts again." in web.get(page).content.decode()
    assert web.post(page, {"reason": ""}).status_code == 422

    answer = web.post(page, {"reason": "The wrong file"}, follow=True)

    shown = answer.content.decode()
    assert answer.redirect_chain[0][0] == reverse("inventory:document", args=[first.document_id])
    assert "The wrong file" in shown and shown.count("Withdrawn") == 1 and "On file" in shown


def test_a_draft_is_discarded_with_a_reason_and_its_number_is_not_given_again(owner, bank):
    model = draft(owner)
    web = sign_in(Client(), owner)
    page = reverse("inventory:withdraw", args=[model.pk])
    assert "Discard the draft" in web.get(page).content.decode()
    assert web.post(page, {"reason": " "}).status_code == 422

    assert web.post(page, {"reason": "Entered twice"}).status_code == 302

    with viewing(owner):
        gone = AIModel.objects.get(pk=model.pk)
    assert (gone.status, gone.withdrawn_reason, gone.registered_at) == ("withdrawn", "Entered twice", None)
    with pytest.raises(OutOfOrder):
        services.submit(by=owner, model=model)
    assert services.register(by=owner, organisation=bank, fields={"name": "Next"}).number == "M-0002"


def test_a_registered_model_is_not_discarded(owner, model):
    with pytest.raises(OutOfOrder):
        services.discard(by=owner, model=model, reason="Never mind")
