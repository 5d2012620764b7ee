"""Any day of the past shows the editions, the evidence and the conclusions of that day, and why each status changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.models import Conclusion, Duty
from governance.obligations.past.models import DutyChange
from governance.obligations.past.queries import as_of, steps_of
from governance.people import services as people
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.things import a_model, a_paper, a_version, caught_up, graded

pytestmark = pytest.mark.django_db

RISKS = "kz-art18-1-1-identify-risks"


@pytest.fixture
def model(bank, owner) -> AIModel:
    """Computed four days ago for the first time; its risk register came two days ago, and was concluded upon today."""
    model = a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    graded(owner, model, "high", "medium")
    a_version(owner, model, "1.0", days_ago=5)
    obligations.catch_up(bank.pk)
    move(DutyChange, "at", days=4)
    return model


def move(table, column, *, days):
    """As if these rows, all that there are, had been written some days ago."""
    then = timezone.now() - timedelta(days=days)
    with acting(REGISTER, "test.time_passed"):
        table.objects.filter(**{f"{column}__date": timezone.localdate()}).update(**{column: then})


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def stood(owner, model, days):
    with viewing(owner):
        past = as_of(model, ago(days))
    return {line.obligation.key: line for line in past.lines}


def answered(bank, owner, validator, model):
    a_paper(owner, model, "risk_register")
    obligations.catch_up(bank.pk)
    move(DutyChange, "at", days=2)
    obligations.conclude(by=validator, model=model, obligation_key=RISKS, verdict="not_met", reason="Thin.")
    obligations.catch_up(bank.pk)


def test_today_is_exactly_what_the_duties_are(bank, owner, validator, model):
    answered(bank, owner, validator, model)
    today = stood(owner, model, 0)
    with viewing(owner):
        duties = list(Duty.objects.filter(model=model).select_related("obligation"))
    assert duties and len(duties) == len(today)
    for duty in duties:
        then = today[duty.obligation.key].duty
        for column in (
            "status",
            "concluded",
            "groups",
            "reasons",
            "evidence_ids",
            "evidence_digest",
            "due_on",
        ):
            assert getattr(then, column) == getattr(duty, column), (duty.obligation.key, column)


def test_each_day_shows_what_stood_at_its_end(bank, owner, validator, model):
    answered(bank, owner, validator, model)

    assert stood(owner, model, 5) == {}
    assert [stood(owner, model, days)[RISKS].duty.status for days in (4, 3, 2, 0)] == [
        "missing",
        "missing",
        "on_file",
        "on_file",
    ]
    assert [stood(owner, model, days)[RISKS].concluded for days in (2, 0)] == ["", "not_met"]


def test_the_evidence_of_then_is_shown_though_it_was_revoked_since(bank, owner, validator, model):
    answered(bank, owner, validator, model)
    with viewing(owner):
        [piece] = as_of(model, ago(2)).pieces_of(stood(owner, model, 2)[RISKS])
    obligations.revoke(by=validator, evidence=piece.evidence, reason="Wrong file.")
    obligations.catch_up(bank.pk)

    assert stood(owner, model, 0)[RISKS].duty.status == "missing"
    with viewing(owner):
        there = as_of(model, ago(2))
        assert [each.evidence.pk for each in there.pieces_of(stood(owner, model, 2)[RISKS])] == [
            piece.evidence.pk
        ]


def test_every_change_of_a_requirement_is_kept_with_its_cause(bank, owner, validator, model):
    answered(bank, owner, validator, model)
    with viewing(owner):
        steps = steps_of(model, RISKS)

    assert [(step.was, step.now, step.because) for step in steps] == [
        ("on_file", "on_file", "conclusion"),
        ("missing", "on_file", "evidence"),
        ("", "missing", "first"),
    ]


def test_a_round_that_changes_nothing_keeps_nothing(bank, owner, model):
    obligations.catch_up(bank.pk)
    with acting(owner, "model.edited"):
        AIModel.objects.filter(pk=model.pk).update(name="Another name")
    obligations.catch_up(bank.pk)

    with viewing(owner):
        assert DutyChange.objects.filter(model=model).count() == 1


def test_the_past_takes_as_many_queries_for_many_changes_as_for_few(bank, owner, validator, model):
    def asked() -> int:
        with viewing(owner), CaptureQueriesContext(connection) as queries:
            as_of(model, ago(0))
        return len(queries)

    answered(bank, owner, validator, model)
    few = asked()
    for kind in ("model_card", "data_sheet", "ai_policy"):
        a_paper(owner, model, kind)
        obligations.catch_up(bank.pk)
    assert asked() == few


# --- pages and the API


def page(client, actor, model, **parameters):
    return sign_in(client, actor).get(reverse("obligations:past", args=[model.pk]), parameters)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_shows_a_day_in_three_languages(client, bank, owner, validator, model, language):
    answered(bank, owner, validator, model)
    sign_in(client, owner)
    client.cookies["django_language"] = language
    answer = client.get(reverse("obligations:past", args=[model.pk]), {"as_of": ago(2).isoformat()})

    assert answer.status_code == 200
    lines = {s.line.obligation.key: s for chapter in answer.context["chapters"] for s in chapter.stood}
    assert lines[RISKS].line.duty.status == "on_file" and len(lines[RISKS].pieces) == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [("2999-01-01", "This day has not come yet."), ("yesterday", "Enter a valid date.")],
)
def test_a_day_that_is_none_is_told_beside_its_field(client, owner, model, asked, words):
    answer = page(client, owner, model, as_of=asked)

    assert answer.status_code == 422 and words in answer.content.decode()


def test_before_the_first_computation_the_page_says_what_to_do(client, owner, model):
    assert "Nothing had been computed by then" in page(client, owner, model, as_of=ago(9)).content.decode()


def test_the_page_of_a_requirement_tells_how_it_came_to_stand_so(client, bank, owner, validator, model):
    answered(bank, owner, validator, model)
    words = sign_in(client, owner).get(reverse("obligations:requirement", args=[model.pk, RISKS]))

    assert "other evidence counts" in words.content.decode()
    assert "computed for the first time" in words.content.decode()


def test_a_program_asks_for_a_day(bank, owner, validator, administrator, model):
    answered(bank, owner, validator, model)
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:read"], days=1
    )
    client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})
    address = f"/api/v1/models/{model.pk}/requirements"

    def status(**parameters):
        said = client.get(address, parameters).json()
        assert "not a legal opinion" in said["notice"]
        return {each["key"]: each["status"] for each in said["requirements"]}.get(RISKS)

    assert [status(as_of=ago(days).isoformat()) for days in (5, 4, 2)] == [None, "missing", "on_file"]
    assert status() == "on_file"
    refused = client.get(address, {"as_of": "2999-01-01"})
    assert (refused.status_code, refused.json()["problems"][0]["where"]) == (422, "as_of")


def test_conclusions_of_later_days_are_not_seen_on_earlier_ones(bank, owner, validator, model):
    answered(bank, owner, validator, model)
    with viewing(owner):
        assert Conclusion.objects.filter(model=model).count() == 1
    assert stood(owner, model, 2)[RISKS].conclusion is None
    assert caught_up(bank, owner, model)[RISKS].concluded == "not_met"


def test_duties_that_were_computed_before_changes_were_kept_are_kept_whole_at_the_next_round(
    bank, owner, model
):
    with acting(REGISTER, "test.arranged"):
        DutyChange.objects.all().delete()
    a_paper(owner, model, "risk_register")
    obligations.catch_up(bank.pk)

    with viewing(owner):
        assert len(as_of(model, ago(0)).lines) == Duty.objects.filter(model=model).count()
