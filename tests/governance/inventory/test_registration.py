"""A registration begins as a draft, may stay incomplete, and is registered when every asked question is answered."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import answers, services
from governance.inventory.models import AIModel
from governance.people.acting import viewing
from tests.factories import join
from tests.governance.inventory.made import COMPLETE, draft, registered

pytestmark = pytest.mark.django_db


def stored(actor, model):
    with viewing(actor):
        return AIModel.objects.get(pk=model.pk)


def wrong(caught) -> list[str]:
    return [str(problem.where) for problem in caught.value.problems]


def test_a_draft_needs_only_a_name_and_gets_a_number(owner, bank):
    first = services.register(by=owner, organisation=bank, fields={"name": "  Chatbot "})
    second = services.register(by=owner, organisation=bank, fields={"name": "Search"})

    assert (first.number, first.name, first.status, first.owner_id) == (
        "M-0001",
        "Chatbot",
        "draft",
        owner.user_id,
    )
    assert second.number == "M-0002"


def test_numbers_are_counted_in_each_organisation(owner, stranger):
    draft(owner)

    assert draft(stranger).number == "M-0001"


def test_a_draft_without_a_name_is_refused(owner, bank):
    with pytest.raises(RuleBroken) as caught:
        services.register(by=owner, organisation=bank, fields={"summary": "Something"})

    assert wrong(caught) == ["name"]
    with viewing(owner):
        assert not AIModel.objects.exists()


def test_a_stranger_and_a_validator_cannot_register_here(stranger, validator, owner, bank):
    for actor in (stranger, validator):
        with pytest.raises(NotAllowed):
            services.register(by=actor, organisation=bank, fields={"name": "Theirs"})

    with viewing(owner):
        assert not AIModel.objects.exists()


def test_the_supervisor_reads_a_model_but_changes_nothing(supervisor, owner):
    model = draft(owner)

    with pytest.raises(NotAllowed):
        services.edit(by=supervisor, model=model, fields={"name": "Other"})

    assert stored(supervisor, model).name == "Document search"


def test_bad_answers_are_named_all_at_once_and_nothing_is_written(owner):
    model = draft(owner)

    with pytest.raises(RuleBroken) as caught:
        services.edit(
            by=owner,
            model=model,
            fields={
                "summary": "x" * 351,
                "origin": "stolen",
                "trading": "perhaps",
                "user_agreement_url": "no address",
            },
        )

    assert sorted(wrong(caught)) == ["origin", "summary", "trading", "user_agreement_url"]
    assert answers.of(stored(owner, model)) == answers.of(model)


def test_an_unknown_question_is_refused(owner):
    with pytest.raises(RuleBroken) as caught:
        draft(owner, status="registered")

    assert wrong(caught) == ["status"]


def test_an_unknown_prohibited_function_is_refused(owner):
    with pytest.raises(RuleBroken) as caught:
        draft(owner, prohibited_functions=["telepathy"])

    assert wrong(caught) == ["prohibited_functions"]


def test_the_owner_is_a_model_owner_of_the_same_organisation(owner, validator, stranger, bank):
    colleague = join(bank, "model_owner", email="colleague@bank.example")
    model = draft(owner)

    for other in (validator, stranger):
        with pytest.raises(RuleBroken) as caught:
            services.edit(by=owner, model=model, fields={"owner": other.user_id})
        assert wrong(caught)[-1] == "owner"
    assert stored(owner, model).owner_id == owner.user_id

    services.edit(by=owner, model=model, fields={"owner": colleague.user_id})
    with pytest.raises(NotAllowed):
        services.edit(by=owner, model=model, fields={"name": "No longer mine"})


def test_an_answer_to_a_question_that_is_not_asked_is_refused(owner):
    with pytest.raises(RuleBroken) as caught:
        draft(owner, market_making=True)

    assert wrong(caught) == ["market_making"]


def test_what_is_not_asked_follows_from_what_was_answered(owner):
    model = draft(owner, trading=True, market_making=True, origin="vendor", vendor="Vendor LLP")
    assert (model.market_making, model.vendor, model.solely_automated) == (True, "Vendor LLP", False)

    changed = services.edit(by=owner, model=model, fields={"trading": False, "origin": "fine_tuned"})

    assert (changed.market_making, changed.vendor, changed.trained_model) == (False, "", True)


def test_a_question_stays_open_while_the_one_that_decides_about_it_is_open(owner, bank):
    model = services.register(by=owner, organisation=bank, fields={"name": "New"})

    assert (model.market_making, model.solely_automated, model.deepfake) == (None, None, None)


def test_a_complete_draft_is_registered(owner):
    model = registered(owner)

    assert model.status == "registered"
    assert model.acknowledgement == f"M-0001/{timezone.localdate(model.registered_at):%Y%m%d}"
    with pytest.raises(OutOfOrder):
        services.submit(by=owner, model=model)


def test_an_incomplete_draft_is_not_registered(owner, bank):
    some = {**COMPLETE, "vendor": "", "origin": "vendor", "trading": None}
    model = services.register(by=owner, organisation=bank, fields=some)

    with pytest.raises(RuleBroken) as caught:
        services.submit(by=owner, model=model)

    assert wrong(caught) == ["vendor", "trading"]
    assert stored(owner, model).status == "draft"


def test_answers_that_contradict_each_other_are_not_registered(owner):
    model = draft(owner, credit_scoring=True)

    with pytest.raises(RuleBroken) as caught:
        services.submit(by=owner, model=model)

    assert wrong(caught) == ["natural_persons", "decisions_about_persons"]


def test_a_registered_model_stays_complete(owner):
    model = registered(owner)

    with pytest.raises(RuleBroken) as caught:
        services.edit(by=owner, model=model, fields={"generative": True})

    assert wrong(caught) == ["deepfake"]
    assert stored(owner, model).generative is False


def test_a_question_that_opens_later_has_no_answer_yet(owner):
    model = draft(owner)
    assert model.deepfake is False  # it follows: nothing is generated

    assert services.edit(by=owner, model=model, fields={"generative": True}).deepfake is None


def test_a_model_is_withdrawn_with_a_reason_and_then_rests(owner):
    model = registered(owner)
    with pytest.raises(RuleBroken):
        services.withdraw(by=owner, model=model, reason="  ")
    assert stored(owner, model).status == "registered"

    withdrawn = services.withdraw(by=owner, model=model, reason="Replaced")

    assert (withdrawn.status, withdrawn.withdrawn_reason) == ("withdrawn", "Replaced")
    for change in (
        lambda: services.edit(by=owner, model=model, fields={"name": "Again"}),
        lambda: services.withdraw(by=owner, model=model, reason="Twice"),
        lambda: services.add_version(by=owner, model=model, label="2"),
    ):
        with pytest.raises(OutOfOrder):
            change()


def test_a_draft_cannot_be_withdrawn(owner):
    with pytest.raises(OutOfOrder):
        services.withdraw(by=owner, model=draft(owner), reason="Never mind")
