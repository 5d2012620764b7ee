"""The second line sets an axis of a grade by hand: for a time, with a reason, and never on a model of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audits.models import LedgerEntry
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.people.acting import acting, viewing
from governance.risk import services as risk
from governance.risk.grades import current_grade
from governance.risk.overriding import services
from governance.risk.overriding.models import Override
from tests.factories import REGISTER, join, sign_in
from tests.governance.inventory.made import registered
from tests.governance.risk.given import mildest

pytestmark = pytest.mark.django_db

MEDIUM = mildest(stop="work_suffers")
"""Medium risk, low autonomy, tier 4."""


@pytest.fixture
def model(owner):
    row = registered(owner)
    risk.assess(by=owner, model=row, answers=MEDIUM)
    return row


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def overridden(by, model, axis="risk", value="high", **changed) -> Override:
    said = {"reason": "Its results reach children.", "ends_on": in_days(30)} | changed
    return services.override(by=by, model=model, axis=axis, value=value, **said)


def counts(owner, model) -> tuple[str, str, int]:
    with viewing(owner):
        grade = current_grade(model)
    return grade.risk_degree, grade.autonomy_degree, grade.tier


def let_days_pass(override: Override, monkeypatch) -> None:
    """The day after its last one."""
    later = timezone.now() + (override.ends_on - timezone.localdate()) + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)


def how_many() -> int:
    with viewing(REGISTER):
        return Override.objects.count()


@pytest.mark.parametrize(
    ("axis", "value", "expected"),
    [
        ("risk", "high", ("high", "low", 4)),
        ("risk", "minimal", ("minimal", "low", 4)),
        ("autonomy", "medium", ("medium", "medium", 4)),
        ("tier", "1", ("medium", "low", 1)),
    ],
)
def test_each_axis_is_set_alone_and_the_computed_value_stays(owner, validator, model, axis, value, expected):
    override = overridden(validator, model, axis, value)

    assert counts(owner, model) == expected
    with viewing(owner):
        computed = current_grade(model).computed
    assert (computed.risk_degree, computed.autonomy_degree, computed.tier) == ("medium", "low", 4)
    assert (override.computed, override.set_by_id) == (
        {"risk": "medium", "autonomy": "low", "tier": "4"}[axis],
        validator.user_id,
    )
    with viewing(REGISTER):
        entry = LedgerEntry.objects.filter(action="grade.overridden", row=override.pk).get()
    assert entry.model == model.pk


def test_only_the_second_line_may_and_never_on_a_model_of_its_own(
    bank, owner, committee, administrator, stranger, supervisor, model
):
    both = join(bank, "model_owner", "validator", email="both@bank.example")
    inventory.reassign(by=owner, model=model, to=both.user_id, reason="A new owner.")

    for actor in (owner, both, committee[0], administrator, stranger, supervisor):
        with pytest.raises(NotAllowed):
            overridden(actor, model)
    assert how_many() == 0


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"axis": "colour"}, ["axis"]),
        ({"value": "enormous"}, ["value"]),
        ({"axis": "tier", "value": "5"}, ["value"]),
        ({"value": "medium"}, ["value"]),
        ({"axis": "autonomy", "value": "high"}, ["value"]),
        ({"reason": "  "}, ["reason"]),
        ({"ends_on": None}, ["ends_on"]),
        ({"ends_on": timezone.localdate()}, ["ends_on"]),
        ({"ends_on": timezone.localdate() + timedelta(days=367)}, ["ends_on"]),
        ({"reason": "", "ends_on": None}, ["reason", "ends_on"]),
    ],
)
def test_what_is_not_in_order_is_refused_and_named(owner, validator, model, changed, where):
    with pytest.raises(RuleBroken) as refusal:
        overridden(validator, model, **changed)

    assert [problem.where for problem in refusal.value.problems] == where
    assert how_many() == 0


def test_an_axis_is_set_once_until_it_is_taken_back(owner, validator, model):
    first = overridden(validator, model)
    with pytest.raises(OutOfOrder):
        overridden(validator, model, value="minimal")

    services.revert(by=validator, override=first, reason="It was a mistake.")
    overridden(validator, model, value="minimal")
    assert counts(owner, model)[0] == "minimal"


def test_taken_back_the_computed_value_counts_again(owner, validator, model):
    override = overridden(validator, model)
    reverted = services.revert(by=validator, override=override, reason=" The children left. ")

    assert counts(owner, model)[0] == "medium"
    assert (reverted.reverted_reason, reverted.reverted_by_id) == ("The children left.", validator.user_id)
    with pytest.raises(OutOfOrder):
        services.revert(by=validator, override=override, reason="Again.")


def test_it_is_taken_back_with_a_reason_and_by_the_second_line(owner, validator, model):
    override = overridden(validator, model)

    with pytest.raises(RuleBroken):
        services.revert(by=validator, override=override, reason=" ")
    with pytest.raises(NotAllowed):
        services.revert(by=owner, override=override, reason="I do not like it.")
    assert counts(owner, model)[0] == "high"


def test_a_new_grade_ends_it(owner, validator, model):
    override = overridden(validator, model)
    risk.assess(by=owner, model=model, answers=MEDIUM)

    assert counts(owner, model)[0] == "medium"
    with pytest.raises(OutOfOrder):
        services.revert(by=validator, override=override, reason="Too late.")


def test_it_lapses_by_itself_after_its_last_day(bank, owner, validator, model, monkeypatch):
    override = overridden(validator, model)
    with viewing(REGISTER):
        model.refresh_from_db()
    before = model.revision
    let_days_pass(override, monkeypatch)

    assert counts(owner, model)[0] == "medium"
    services.catch_up(bank.pk)
    with viewing(REGISTER):
        model.refresh_from_db()
        assert Override.objects.get(pk=override.pk).lapsed_at is not None
    assert model.revision > before
    with pytest.raises(OutOfOrder):
        services.revert(by=validator, override=override, reason="Too late.")


def test_before_its_last_day_is_over_nothing_lapses_and_nothing_is_written(bank, validator, model):
    overridden(validator, model, ends_on=in_days(1))
    with CaptureQueriesContext(connection) as captured:
        services.catch_up(bank.pk)

    assert not [query for query in captured.captured_queries if query["sql"].startswith("UPDATE")]


def test_what_has_lapsed_may_be_set_again_before_anybody_noted_it(owner, validator, model, monkeypatch):
    let_days_pass(overridden(validator, model), monkeypatch)
    overridden(validator, model, ends_on=in_days(30))

    assert counts(owner, model)[0] == "high"


def test_what_was_set_never_changes(validator, model):
    override = overridden(validator, model)

    for column, value in {"value": "minimal", "reason": "Another.", "ends_on": in_days(300)}.items():
        with pytest.raises(IntegrityError), acting(REGISTER, "test.arranged"):
            Override.objects.filter(pk=override.pk).update(**{column: value})


def test_a_model_without_a_grade_and_a_withdrawn_one_have_nothing_to_set(owner, validator, model):
    with pytest.raises(OutOfOrder):
        overridden(validator, registered(owner, name="Another"))
    inventory.withdraw(by=owner, model=model, reason="Replaced")
    with pytest.raises(OutOfOrder):
        overridden(validator, model)


def test_the_page_sets_it_and_shows_the_computed_value_beside_it(owner, validator, model):
    web, grade_page = sign_in(Client(), validator), reverse("risk:grade", args=[model.pk])
    form = reverse("risk:override", args=[model.pk])
    assert form in web.get(grade_page).content.decode()
    assert 'value="risk=high"' in web.get(form).content.decode()

    wrong = web.post(form, {"choice": "risk=high", "reason": "Because.", "ends_on": "2020-01-01"})
    assert wrong.status_code == 422 and 'id="id_ends_on_error"' in wrong.content.decode()
    said = {"choice": "risk=high", "reason": "Because.", "ends_on": in_days(9).isoformat()}
    shown = web.post(form, said, follow=True).content.decode()

    assert "computed: medium. Reason: Because." in shown
    with viewing(REGISTER):
        override = Override.objects.get()
    back = reverse("risk:revert", args=[override.pk])
    assert back in shown and web.post(back, {"reason": ""}).status_code == 422
    assert "taken back by validator on" in web.post(back, {"reason": "Done."}, follow=True).content.decode()


def test_the_owner_reads_it_and_is_offered_nothing(owner, validator, model):
    override = overridden(validator, model)
    web = sign_in(Client(), owner)
    shown = web.get(reverse("risk:grade", args=[model.pk])).content.decode()

    assert "Its results reach children." in shown and "counts today" in shown
    for address in (reverse("risk:override", args=[model.pk]), reverse("risk:revert", args=[override.pk])):
        assert address not in shown and web.get(address).status_code == 403


def test_a_second_line_elsewhere_finds_nothing_here(stranger, validator, model):
    override = overridden(validator, model)
    web = sign_in(Client(), stranger)

    for address in (reverse("risk:override", args=[model.pk]), reverse("risk:revert", args=[override.pk])):
        assert web.get(address).status_code == 404 and web.post(address, {"reason": "x"}).status_code == 404


def test_the_page_asks_the_database_as_often_for_three_overrides_as_for_one(owner, validator, model):
    web, page, asked = sign_in(Client(), owner), reverse("risk:grade", args=[model.pk]), []
    for axis, value in (("risk", "high"), ("autonomy", "medium"), ("tier", "1")):
        overridden(validator, model, axis, value)
        with CaptureQueriesContext(connection) as captured:
            web.get(page)
        asked.append(len(captured))

    assert asked[0] == asked[2]


def test_where_every_axis_is_set_the_page_says_what_to_do_first(validator, model):
    for axis, value in (("risk", "high"), ("autonomy", "medium"), ("tier", "1")):
        overridden(validator, model, axis, value)
    shown = sign_in(Client(), validator).get(reverse("risk:override", args=[model.pk])).content.decode()

    assert "Every axis is set by hand already. Take one back first." in shown
    assert 'name="reason"' not in shown
