"""People beside the model: what they did, whom they answered, what they tried. What of it is evidence."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.incidents import services as incidents
from governance.incidents.models import Drill, Objection, OversightEvent
from governance.obligations import services as obligations
from governance.obligations.models import Duty, Evidence
from governance.people.acting import acting, viewing
from tests.factories import REGISTER
from tests.governance.incidents.conftest import again, messages

pytestmark = pytest.mark.django_db
OVERRIDE = {"kind": "override", "done": "Refusal turned into an offer", "decision_reference": "APP-17"}


def evidence(kind: str) -> list[Evidence]:
    with viewing(REGISTER):
        return list(Evidence.objects.filter(kind=kind).order_by("recorded_at"))


def status(model, key: str) -> str:
    obligations.catch_up(model.organisation_id)
    with viewing(REGISTER):
        return Duty.objects.get(model=model, obligation__key=key).status


def owned(model) -> None:
    with acting(REGISTER, "test.arranged"):
        type(model).objects.filter(pk=model.pk).update(
            role="owner_or_holder", trading=True, personal_data=True
        )


def test_an_entry_says_who_did_what_on_which_decision(model, owner):
    event = incidents.record_oversight(by=owner, model=model, **OVERRIDE)
    assert (event.operator, event.decision_reference, event.source) == (owner.name, "APP-17", "person")


def test_the_log_is_evidence_once_a_day(model, owner):
    for _each in range(3):
        incidents.record_oversight(by=owner, model=model, **OVERRIDE)
    yesterday = timezone.now() - timedelta(days=1)
    incidents.record_oversight(by=owner, model=model, at=yesterday, **OVERRIDE)
    assert [(each.source, each.verdict) for each in evidence("human_oversight_log")] == [
        ("oversight", "on_file")
    ] * 2


def test_a_program_hands_the_same_event_in_once(model, owner, count):
    first = incidents.record_oversight(by=owner, model=model, source_key="case-1", **OVERRIDE)
    second = incidents.record_oversight(by=owner, model=model, source_key="case-1", **OVERRIDE)
    assert (second.pk, count(OversightEvent)) == (first.pk, 1)


@pytest.mark.parametrize(
    "wrong", [{"kind": "watched"}, {"done": ""}, {"at": datetime(2090, 1, 1, tzinfo=ZoneInfo("UTC"))}]
)
def test_an_entry_without_sense_is_refused(model, owner, count, wrong):
    with pytest.raises(RuleBroken):
        incidents.record_oversight(by=owner, model=model, **{**OVERRIDE, **wrong})
    assert (count(OversightEvent), count(Evidence)) == (0, 0)


def test_a_stranger_writes_into_no_log(model, stranger, count):
    with pytest.raises(NotAllowed):
        incidents.record_oversight(by=stranger, model=model, **OVERRIDE)
    assert (count(OversightEvent), count(Evidence)) == (0, 0)


def test_an_objection_is_due_by_the_clock_of_the_law(model, owner):
    owned(model)
    wednesday = datetime(2026, 11, 18, 10, tzinfo=ZoneInfo("Asia/Almaty"))
    objection = incidents.record_objection(
        by=owner, model=again(model), reference="OB-1", ground="human", received_at=wednesday
    )
    assert objection.due_at == datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Almaty"))
    assert (objection.terms["basis"], objection.terms["confidence"]) == ("law", "secondary")


def test_an_objection_is_answered_once_with_its_outcome(model, owner, validator):
    objection = incidents.record_objection(by=owner, model=model, reference="OB-1", ground="wrong_data")
    done = incidents.answer_objection(by=validator, objection=objection, outcome="upheld", answer="Corrected")
    assert (done.outcome, done.answered_by_id) == ("upheld", validator.user_id)
    with pytest.raises(OutOfOrder):
        incidents.answer_objection(by=owner, objection=objection, outcome="rejected", answer="No")
    assert again(objection).outcome == "upheld"


def test_the_same_objection_is_not_kept_twice(model, owner, count):
    incidents.record_objection(by=owner, model=model, reference="OB-1", ground="human")
    with pytest.raises(OutOfOrder):
        incidents.record_objection(by=owner, model=model, reference="OB-1", ground="other")
    assert count(Objection) == 1


@pytest.mark.parametrize("wrong", [{"outcome": "perhaps"}, {"answer": " "}])
def test_an_answer_without_sense_is_refused(model, owner, wrong):
    objection = incidents.record_objection(by=owner, model=model, reference="OB-1", ground="human")
    with pytest.raises(RuleBroken):
        incidents.answer_objection(
            by=owner, objection=objection, **{"outcome": "upheld", "answer": "Done", **wrong}
        )
    assert again(objection).answered_at is None


def test_an_answer_that_is_nearly_due_is_called_for_once(model, owner):
    owned(model)
    received = timezone.now() - timedelta(days=6)
    incidents.record_objection(
        by=owner, model=again(model), reference="OB-1", ground="human", received_at=received
    )
    incidents.catch_up(model.organisation_id)
    incidents.catch_up(model.organisation_id)
    (mail,) = messages("objection_due")
    assert "OB-1" in mail.subject and "overdue" in mail.subject


def test_a_drill_is_measured_from_its_start_to_its_end(model, owner):
    drill = incidents.start_drill(by=owner, model=model, kind="kill_switch", target_seconds=60)
    done = incidents.finish_drill(by=owner, drill=drill, worked=True, findings="Orders stopped")
    assert done.passed and 0 <= done.seconds < 60
    (taken,) = evidence("kill_switch_test")
    assert (taken.verdict, taken.source, taken.summary["seconds"]) == (
        "passed",
        "drill:kill_switch",
        done.seconds,
    )


@pytest.mark.parametrize(
    ("kind", "worked", "minutes", "gives"),
    [
        ("kill_switch", True, 2, ("kill_switch_test", "failed")),
        ("kill_switch", False, 0, ("kill_switch_test", "failed")),
        ("fallback", True, 0, ("fallback_test", "passed")),
        ("incident", True, 0, ("incident_process", "passed")),
    ],
)
def test_a_drill_that_took_too_long_has_not_passed(model, owner, kind, worked, minutes, gives):
    began = timezone.now() - timedelta(minutes=10)
    incidents.record_drill(
        by=owner,
        model=model,
        kind=kind,
        started_at=began,
        ended_at=began + timedelta(minutes=minutes),
        worked=worked,
        findings="Tried",
        target_seconds=60,
    )
    (taken,) = evidence(gives[0])
    assert taken.verdict == gives[1]


def test_two_drills_of_one_kind_do_not_run_together(model, owner, count):
    incidents.start_drill(by=owner, model=model, kind="fallback")
    with pytest.raises(OutOfOrder):
        incidents.start_drill(by=owner, model=model, kind="fallback")
    assert count(Drill) == 1


def test_a_drill_is_over_once_and_says_what_was_seen(model, owner):
    drill = incidents.start_drill(by=owner, model=model, kind="fallback")
    with pytest.raises(RuleBroken):
        incidents.finish_drill(by=owner, drill=drill, worked=True, findings="")
    assert again(drill).ended_at is None
    incidents.finish_drill(by=owner, drill=drill, worked=True, findings="It took over")
    with pytest.raises(OutOfOrder):
        incidents.finish_drill(by=owner, drill=drill, worked=False, findings="No")
    assert again(drill).worked


def test_requirements_move_with_drills_and_with_an_incident(model, version, owner):
    """Art. 18(2): ready once the way of an incident and the stop were tried; an incident then asks for its report."""
    owned(model)
    key = "kz-art18-2-immediate-stop"
    assert status(model, key) == "not_ready"
    began = timezone.now() - timedelta(minutes=10)
    for kind in ("kill_switch", "incident"):
        incidents.record_drill(
            by=owner, model=model, kind=kind, started_at=began, ended_at=began, worked=True, findings="Tried"
        )
    assert status(model, key) == "ready"
    incidents.open_incident(by=owner, model=model, kind="other", severity="low", title="Something")
    assert status(model, key) == "missing"
