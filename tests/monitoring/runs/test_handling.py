"""Who deals with a finding, until when, of which incident it is part; by nobody's hand is it closed or deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.incidents import services as incidents
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs import findings, handling
from monitoring.runs import services as runs
from monitoring.runs.findings import Noted
from monitoring.runs.models import Finding
from monitoring.runs.remeasured import SEVERITIES
from tests.factories import join, sign_in
from tests.monitoring.loans import a_model
from tests.monitoring.runs.conftest import a_period, answer, on_record, run_of

pytestmark = pytest.mark.django_db


def noted(owner: Actor, severity: str = "amber") -> Finding:
    """Drift of the current period was found, as often as it is asked."""
    with viewing(owner):
        known = Finding.objects.open().first()
    if known is None:
        things = on_record(owner)
        a_period(owner, things.dataset, "current")
        runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
        runs.catch_up(owner.organisation_id)
        answer(run_of(owner, "drift", "current"), severity)
    else:
        again = Noted(
            known.organisation_id, known.model_id, known.kind, known.key,
            SEVERITIES[severity], known.summary, {"run_id": known.run_id},
        )  # fmt: skip
        with acting(Actor.system("checks clerk", owner.organisation_id), "findings.kept"):
            findings.note(again)
    with viewing(owner):
        found: Finding = Finding.objects.select_related("model").get()
        return found


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def handle(by: Actor, finding: Finding, **said) -> Finding:
    given = {
        "owner_id": finding.owner_id,
        "due_on": finding.due_on,
        "incident": None,
        "reason": "As agreed.",
        **said,
    }
    return handling.handle(by=by, finding=finding, **given)


def test_a_finding_has_an_owner_and_a_day_from_the_start_and_a_nearer_day_once_it_is_red(owner):
    amber = noted(owner)
    assert (amber.owner_id, amber.due_on, amber.closed_at) == (owner.user_id, in_days(30), None)
    assert noted(owner, "failed").due_on == in_days(7)
    assert noted(owner, "amber").due_on == in_days(7), "a day that was set is never put off by itself"


def test_it_passes_to_a_colleague_with_another_day_and_a_reason(owner, bank):
    finding, colleague = noted(owner), join(bank, "validator", email="colleague@bank.example")
    handle(owner, finding, owner_id=colleague.user_id, due_on=in_days(10))
    kept = noted(owner)
    assert (kept.owner_id, kept.due_on) == (colleague.user_id, in_days(10)), (
        "and what is found again keeps them"
    )


def test_it_becomes_part_of_an_incident_of_its_model_and_stays_there(owner):
    finding = noted(owner)
    own = incidents.open_incident(by=owner, model=finding.model, kind="harm", severity="high", title="Ours")
    other = incidents.open_incident(
        by=owner, model=a_model(owner, number="M-0002"), kind="harm", severity="high", title="Theirs"
    )
    with pytest.raises(RuleBroken) as refused:
        handle(owner, finding, incident=other)
    assert [problem.where for problem in refused.value.problems] == ["incident"]
    linked = handle(owner, finding, incident=own)
    assert linked.incident_id == own.pk
    with pytest.raises(RuleBroken):
        handle(owner, linked, incident=None)


@pytest.mark.parametrize(
    ("said", "where"),
    [({"reason": " "}, "reason"), ({"due_on": timezone.localdate() - timedelta(days=1)}, "due_on")],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(owner, said, where):
    finding = noted(owner)
    with pytest.raises(RuleBroken) as refused:
        handle(owner, finding, **said)
    assert [problem.where for problem in refused.value.problems] == [where]
    with viewing(owner):
        assert Finding.objects.get().due_on == finding.due_on


def test_nobody_of_another_organisation_deals_with_it(owner, stranger, bank):
    finding = noted(owner)
    with pytest.raises(RuleBroken):
        handle(owner, finding, owner_id=stranger.user_id)
    for other in (stranger, join(bank, "model_owner", email="another@bank.example")):
        with pytest.raises((NotAllowed, Finding.DoesNotExist)):
            handle(other, finding)


def test_a_closed_one_is_left_as_it_was(owner):
    finding = noted(owner)
    with acting(Actor.system("checks clerk", owner.organisation_id), "findings.kept"):
        assert findings.close(Finding.objects.filter(pk=finding.pk), "passed") == 1
    with pytest.raises(OutOfOrder):
        handle(owner, finding)
    with viewing(owner):
        assert Finding.objects.count() == 1, "closed, not deleted"


def test_the_page_says_it_and_lets_it_be_changed(owner, client, stranger):
    finding = noted(owner)
    page = f"/findings/{finding.pk}/"
    sign_in(client, owner)
    assert "Who deals with it" in client.get(page).content.decode()
    said = {"owner": str(owner.user_id), "due_on": in_days(3).isoformat(), "reason": "It is urgent."}
    assert client.post(page, said).status_code == 302
    with viewing(owner):
        assert Finding.objects.get().due_on == in_days(3)
    assert client.post(page, {**said, "reason": ""}).status_code == 422
    sign_in(client, stranger)
    missing = client.get("/findings/00000000-0000-4000-8000-000000000000/")
    assert (client.get(page).status_code, client.get(page).content) == (404, missing.content)
