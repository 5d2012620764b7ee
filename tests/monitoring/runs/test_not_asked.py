"""A planned check that cannot be asked is a finding: it says what is missing, and it ends when the check can be asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.errors import OutOfOrder
from governance.inventory.models import AIModel, ModelVersion
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.blackouts import services as blackouts
from monitoring.data import services as data
from monitoring.data.models import Window
from monitoring.runs import not_asked, planning, telling, waiting_words, watching
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, FindingKind, NotApplicable, Plan, Run
from tests.factories import sign_in
from tests.monitoring.loans import Loans, a_dataset, a_model, a_version
from tests.monitoring.runs.conftest import a_period, answer, run_of

pytestmark = pytest.mark.django_db

WEEKLY = 7


def hours_pass(owner: Actor, hours: float) -> None:
    """All that a plan may wait for was there that much earlier, or went that much earlier."""
    earlier = timedelta(hours=hours)
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        Plan.objects.update(set_at=F("set_at") - earlier)
        Window.objects.update(
            uploaded_at=F("uploaded_at") - earlier, withdrawn_at=F("withdrawn_at") - earlier
        )
        ModelVersion.objects.update(created_at=F("created_at") - earlier)
        AIModel.objects.update(registered_at=F("registered_at") - earlier)
        NotApplicable.objects.update(approved_at=F("approved_at") - earlier, ended_at=F("ended_at") - earlier)
        for finding in Finding.objects.filter(key__startswith="not_asked:", closed_at=None):
            since = datetime.fromisoformat(finding.summary["since"]) - earlier
            Finding.objects.filter(pk=finding.pk).update(
                summary={**finding.summary, "since": since.isoformat()}
            )


def swept(owner: Actor) -> list[tuple[str, str, str]]:
    """Check, severity and missing thing of every such finding that is open after a sweep."""
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        there = Finding.objects.open().filter(kind=FindingKind.NOT_RUN, key__startswith="not_asked:")
        return sorted((each.check_key, each.severity, each.summary["lacks"]) for each in there)


def the_one(owner: Actor) -> Finding:
    with viewing(owner):
        found: Finding = Finding.objects.filter(key__startswith="not_asked:").select_related("dataset").get()
    return found


def take_the_reference_away(owner: Actor, things: Loans) -> None:
    data.withdraw_window(by=owner, window=things.windows["reference"], reason="It was not mine.")


@pytest.fixture
def companies(owner) -> Plan:
    """Fairness is planned of data that name no sensitive columns."""
    model = a_model(owner)
    a_version(owner, model, bare=True)
    dataset = a_dataset(owner, model, sensitive=[])
    a_period(owner, dataset, "current")
    plan = runs.set_plan(by=owner, dataset=dataset, check_key="fairness")
    plan.dataset, plan.model = dataset, model
    return plan


def test_without_its_reference_a_check_is_a_finding_until_another_one_counts(watched, owner, validator):
    hours_pass(owner, 1000)
    take_the_reference_away(owner, watched)
    assert swept(owner) == [], "whoever replaces a reference has some hours for it"
    hours_pass(owner, 5)
    assert swept(owner) == []
    hours_pass(owner, 2)
    assert swept(owner) == [("drift", "amber", "reference")]
    said = telling.found(the_one(owner))
    assert "No reference counts for these data" in said and "%(" not in said
    hours_pass(owner, 24 * 2 * WEEKLY - 8)
    assert swept(owner) == [("drift", "amber", "reference")]
    hours_pass(owner, 2)
    assert swept(owner) == [("drift", "red", "reference")]

    newer = a_period(owner, watched.dataset, "newer", part="reference", ends_on=date(2026, 4, 30))
    assert swept(owner) == [("drift", "red", "acceptance")]
    assert "waits for the second line" in telling.found(the_one(owner))
    data.accept_reference(by=validator, window=newer, reason="The market of today.")
    assert swept(owner) == []
    assert the_one(owner).closing == {"cause": "complete"}


def test_the_finding_takes_over_where_the_answer_of_a_withdrawn_reference_ends(watched, owner):
    answer(run_of(owner, "drift", "april"), "insufficient_data")
    hours_pass(owner, 1000)
    take_the_reference_away(owner, watched)
    hours_pass(owner, 7)
    assert swept(owner) == [("drift", "amber", "reference")]
    with viewing(owner):
        assert [each.window.name for each in Finding.objects.exclude(window=None)] == ["april"]
        assert Finding.objects.get(window__name="april").closing["cause"] == "window_withdrawn"


def test_it_is_noted_once_and_nothing_is_written_while_it_stays_so(watched, owner):
    hours_pass(owner, 1000)
    take_the_reference_away(owner, watched)
    hours_pass(owner, 7)
    swept(owner)
    with viewing(owner):
        before = the_one(owner).seen_at, AIModel.objects.get().revision
    swept(owner)
    with viewing(owner):
        assert (the_one(owner).seen_at, AIModel.objects.get().revision) == before


def test_neither_a_new_plan_nor_new_data_begin_the_count_anew(watched, owner):
    hours_pass(owner, 1000)
    take_the_reference_away(owner, watched)
    hours_pass(owner, 24 * 2 * WEEKLY - 1)
    swept(owner)
    a_period(owner, watched.dataset, "may", ends_on=date(2026, 5, 31))
    runs.set_plan(by=owner, dataset=watched.dataset, check_key="drift", every_days=WEEKLY, reason="anew")
    assert swept(owner) == [("drift", "amber", "reference")]
    hours_pass(owner, 2)
    assert swept(owner) == [("drift", "red", "reference")]


def test_data_that_come_daily_do_not_put_it_off(watched, owner):
    hours_pass(owner, 1000)
    take_the_reference_away(owner, watched)
    hours_pass(owner, 7)
    a_period(owner, watched.dataset, "today", ends_on=date(2026, 5, 1))
    assert swept(owner) == [("drift", "amber", "reference")]


def test_withdrawing_the_data_as_well_does_not_end_it(watched, owner):
    hours_pass(owner, 1000)
    take_the_reference_away(owner, watched)
    hours_pass(owner, 7)
    swept(owner)
    with viewing(owner):
        current = list(Window.objects.standing().filter(part="current"))
    for window in current:
        data.withdraw_window(by=owner, window=window, reason="These neither.")
    assert swept(owner) == [("drift", "amber", "reference")]


def test_groups_that_nobody_names_are_a_finding_until_the_second_line_says_why(owner, validator, companies):
    assert swept(owner) == []
    hours_pass(owner, 7)
    assert swept(owner) == [("fairness", "amber", "groups")]
    assert "no sensitive columns" in telling.found(the_one(owner))
    accepted = runs.accept_not_applicable(by=validator, plan=companies, reason="They are companies.")
    assert swept(owner) == []
    assert the_one(owner).closing == {"cause": "not_applicable"}
    hours_pass(owner, 1000)
    assert swept(owner) == [], "what is set aside is no finding"

    runs.end_not_applicable(by=validator, accepted=accepted, reason="Sole traders came in.")
    assert swept(owner) == [], "counted from when the reason was taken back"
    hours_pass(owner, 7)
    assert swept(owner) == [("fairness", "amber", "groups")]


def test_a_check_whose_package_is_gone_is_a_finding(watched, owner, monkeypatch):
    others = {key: check for key, check in planning.CHECKS.items() if key != "drift"}
    for module in (
        planning,
        not_asked,
    ):  # taken out of the register itself it would come back as its last one
        monkeypatch.setattr(module, "CHECKS", others)
    hours_pass(owner, 7)
    assert swept(owner) == [("drift", "amber", "check")]
    assert "is not installed here any more" in telling.found(the_one(owner))


def test_what_waits_for_the_end_of_a_blackout_is_not_missing(watched, owner, administrator, bank):
    blackouts.declare(
        by=administrator,
        organisation=bank,
        reason="Closing of the year",
        starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(days=30),
    )
    hours_pass(owner, 100)
    assert swept(owner) == []


def test_nothing_is_missed_before_there_is_anything_to_ask(owner):
    model = a_model(owner)
    dataset = a_dataset(owner, model)
    runs.set_plan(by=owner, dataset=dataset, check_key="drift")
    hours_pass(owner, 1000)
    assert swept(owner) == [], "neither a version nor a data period"
    a_period(owner, dataset, "current")
    assert swept(owner) == [], "no version"
    a_version(owner, model, bare=True)
    assert swept(owner) == [], "the version came just now"
    hours_pass(owner, 7)
    assert swept(owner) == [("drift", "amber", "reference")]


def looked_over(owner: Actor) -> int:
    """Queries of a sweep that has nothing to write."""
    clerk = Actor.system("checks clerk", owner.organisation_id)
    with viewing(clerk):
        planned = planning.planned(list(AIModel.objects.registered()))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        watching.look_over(clerk, owner.organisation_id, (), planned)
    return len(queries)


def test_how_much_is_asked_of_the_database_does_not_grow_with_the_plans(watched, owner, companies_too):
    runs.catch_up(owner.organisation_id)
    answered = looked_over(owner)
    hours_pass(owner, 1000)
    take_the_reference_away(owner, watched)
    companies_too("M-0002")
    hours_pass(owner, 7)
    runs.catch_up(owner.organisation_id)
    few = looked_over(owner)
    for number in ("M-0003", "M-0004", "M-0005"):
        companies_too(number)
    hours_pass(owner, 7)
    runs.catch_up(owner.organisation_id)
    assert looked_over(owner) == few <= answered + 8
    with viewing(owner):
        assert Finding.objects.open().filter(key__startswith="not_asked:").count() == 5


@pytest.fixture
def companies_too(owner):
    def another(number: str) -> None:
        model = a_model(owner, number=number)
        a_version(owner, model, bare=True)
        dataset = a_dataset(owner, model, sensitive=[])
        a_period(owner, dataset, "current")
        runs.set_plan(by=owner, dataset=dataset, check_key="fairness")

    return another


def test_running_now_is_refused_with_what_each_check_waits_for(owner, companies):
    runs.set_plan(by=owner, dataset=companies.dataset, check_key="drift")
    with pytest.raises(OutOfOrder, match="none of the planned checks can be asked") as refused:
        runs.start(by=owner, model=companies.model)
    said = str(refused.value)
    assert "Fairness" in said and "no sensitive columns" in said
    assert "(Applications): No reference counts for these data" in said
    with viewing(owner):
        assert not Run.objects.exists()


def test_running_now_tells_what_was_not_asked_beside(owner, validator, companies, client):
    a_period(owner, companies.dataset, "reference", part="reference")
    runs.set_plan(by=owner, dataset=companies.dataset, check_key="drift")
    address = f"/models/{companies.model_id}/checks/start/"
    sign_in(client, owner)
    said = [str(each) for each in get_messages(client.post(address).wsgi_request)]
    assert said[0] == "1 check is on its way."
    assert len(said) == 2 and said[1].startswith("Not asked: ") and "no sensitive columns" in said[1]

    runs.accept_not_applicable(by=validator, plan=companies, reason="They are companies.")
    said = [str(each) for each in get_messages(client.post(address).wsgi_request)]
    assert "Not asked" not in said[-1], "the second line knows"


def test_the_plans_of_a_program_say_what_they_wait_for(companies, administrator, bank, client):
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:read"], days=1
    )
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    [told] = client.get(f"/api/v1/models/{companies.model_id}/plans", headers=headers).json()
    assert (told["check"], told["following"]) == ("fairness", [])
    assert told["waits_for"].startswith("The dataset names no sensitive columns.")


def test_everything_that_is_waited_for_can_be_said():
    for lacks in waiting_words.WAITS:
        assert "%(" not in waiting_words.found(lacks, "today")
