"""An incident from its opening to its end: numbered once, told to everybody, closed with cause and measures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.errors import NotAllowed, NotFound, OutOfOrder, RuleBroken
from governance.incidents import services as incidents
from governance.incidents.models import Incident, Notice
from governance.obligations.models import Evidence, Occurrence
from governance.people.acting import viewing
from governance.people.actor import Actor
from tests.factories import REGISTER, join
from tests.governance.incidents.conftest import CRITICAL, again, messages

pytestmark = pytest.mark.django_db


def test_it_has_a_number_and_everybody_concerned_is_told(model, owner, validator, committee):
    first = incidents.open_incident(by=owner, model=model, **CRITICAL)
    second = incidents.open_incident(by=validator, model=model, **CRITICAL)
    assert (first.number, second.number, first.status) == ("I-0001", "I-0002", "open")
    told = [each.to.email for each in messages("incident_opened")][::2]
    assert told == [
        "member1@bank.example",
        "member2@bank.example",
        "member3@bank.example",
        "owner@bank.example",
        "validator@bank.example",
    ]


def test_the_mail_names_the_clocks_that_run(model, owner):
    incidents.open_incident(by=owner, model=model, **CRITICAL)
    (mail,) = messages("incident_opened")
    assert "I-0001" in mail.subject
    assert "the supervisor of the market, until" in mail.body


def test_a_part_of_senim_opens_it_once_for_one_reason(model, version, bank, count):
    checks = Actor.system("checks", bank.pk)
    given = {
        "kind": "drift_and_performance",
        "severity": "high",
        "title": "Drift and performance",
        "source": "monitoring",
        "source_key": "2008Q4",
    }
    first = incidents.open_incident(by=checks, model=model, version=version, **given)
    mails = len(messages("incident_opened"))
    second = incidents.open_incident(by=checks, model=model, version=version, **given)
    assert (second.pk, count(Incident), len(messages("incident_opened"))) == (first.pk, 1, mails)
    assert first.opened_by_id is None


def test_what_it_is_about_is_one_of_this_organisation(model, owner, stranger, count):
    with pytest.raises(NotAllowed):
        incidents.open_incident(by=stranger, model=model, **CRITICAL)
    assert count(Incident) == 0


def test_somebody_without_a_part_in_the_model_opens_none(model, administrator, count):
    with pytest.raises(NotAllowed):
        incidents.open_incident(by=administrator, model=model, **CRITICAL)
    assert count(Incident) == 0


def test_an_officer_opens_one_at_a_participant_and_the_ledger_says_who(model, supervisor):
    opened = incidents.open_incident(by=supervisor, model=model, source="supervisor", **CRITICAL)
    assert opened.organisation_id == model.organisation_id
    with viewing(REGISTER):
        from audits.ledger.models import LedgerEntry

        entry = LedgerEntry.objects.get(table="governance_incident", row=opened.pk)
    assert (entry.actor, entry.organisation_id) == (supervisor.label, model.organisation_id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "weather"},
        {"severity": "endless"},
        {"title": "  "},
        {"title": "x" * 201},
        {"source": "rumour"},
    ],
)
def test_nonsense_is_refused(model, owner, count, wrong):
    with pytest.raises(RuleBroken):
        incidents.open_incident(by=owner, model=model, **{**CRITICAL, **wrong})
    assert count(Incident) == 0


def test_it_is_not_noticed_tomorrow(model, owner, count):
    tomorrow = timezone.now() + timedelta(days=1)
    with pytest.raises(RuleBroken):
        incidents.open_incident(by=owner, model=model, detected_at=tomorrow, **CRITICAL)
    assert count(Incident) == 0


def test_an_incident_on_record_is_a_fact_that_requirements_know(incident, count):
    with viewing(REGISTER):
        (noted,) = Occurrence.objects.all()
    assert (noted.flag, noted.source_id) == ("incident_occurred", incident.pk)


def test_contained_then_closed_gives_evidence_of_the_process(incident, owner, validator):
    incidents.contain(by=owner, incident=incident, measures="Switched to manual decisions")
    for notice in list_of(Notice):
        incidents.give_notice(by=owner, notice=notice, text="We told you")
    closed = incidents.close(
        by=validator, incident=incident, cause="A broken field", measures="Field checked at intake"
    )
    assert (closed.status, closed.containment) == ("closed", "Switched to manual decisions")
    (evidence,) = [each for each in list_of(Evidence) if each.kind == "incident_process"]
    assert (evidence.verdict, evidence.source, evidence.source_id) == ("on_file", "incident", incident.pk)


def test_it_is_not_closed_while_a_notice_is_owed(incident, owner, count):
    with pytest.raises(OutOfOrder):
        incidents.close(by=owner, incident=incident, cause="A", measures="B")
    assert (again(incident).status, count(Evidence)) == ("open", 0)


@pytest.mark.parametrize("given", [{"cause": "", "measures": "B"}, {"cause": "A", "measures": " "}])
def test_it_is_not_closed_without_cause_and_measures(incident, owner, given):
    with pytest.raises(RuleBroken):
        incidents.close(by=owner, incident=incident, **given)
    assert again(incident).status == "open"


def test_a_closed_incident_is_not_touched_again(model, owner):
    row = incidents.open_incident(by=owner, model=model, **{**CRITICAL, "severity": "low"})
    incidents.close(by=owner, incident=row, cause="A", measures="B")
    with pytest.raises(OutOfOrder):
        incidents.contain(by=owner, incident=row, measures="C")
    with pytest.raises(OutOfOrder):
        incidents.close(by=owner, incident=row, cause="X", measures="Y")
    assert (again(row).cause, again(row).containment) == ("A", "")


def test_an_officer_follows_it_and_handles_nothing(incident, supervisor):
    with pytest.raises(NotAllowed):
        incidents.contain(by=supervisor, incident=incident, measures="By order")
    assert again(incident).status == "open"


def test_another_owner_of_the_same_bank_handles_nothing(incident, bank):
    other = join(bank, "model_owner", email="other@bank.example")
    with pytest.raises(NotAllowed):
        incidents.contain(by=other, incident=incident, measures="Mine")
    assert again(incident).status == "open"


def test_a_version_of_another_model_is_not_there(model, version, owner, bank, count):
    from governance.inventory import services as inventory

    other = inventory.register(by=owner, organisation=bank, fields={"name": "Other"})
    with pytest.raises(NotFound):
        incidents.open_incident(by=owner, model=other, version=version, **CRITICAL)
    assert count(Incident) == 0


def test_a_notice_is_given_once_and_is_evidence_that_somebody_was_told(incident, owner):
    notice = next(each for each in list_of(Notice) if each.addressee == "supervisor")
    given = incidents.give_notice(by=owner, notice=notice, text="Told", reference="IN-77")
    assert (given.reference, given.sent_at is not None) == ("IN-77", True)
    with pytest.raises(OutOfOrder):
        incidents.give_notice(by=owner, notice=notice, text="Told again")
    (evidence,) = [each for each in list_of(Evidence) if each.kind == "authority_notification"]
    assert (evidence.source, evidence.summary) == (
        "notice:supervisor",
        {"addressee": "supervisor", "late": False},
    )


def test_a_notice_needs_its_text(incident, owner, count):
    notice = list_of(Notice)[0]
    with pytest.raises(RuleBroken):
        incidents.give_notice(by=owner, notice=notice, text="")
    assert (again(notice).sent_at, count(Evidence)) == (None, 0)


def list_of(table) -> list:
    with viewing(REGISTER):
        return list(table.objects.all())
