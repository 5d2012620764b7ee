"""What people see of incidents: the list, one of them, the panel of a model, and what each may do there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.approvals.models import ApprovalRequest, Authorisation
from governance.desk.waiting import waiting_for
from governance.incidents import services as incidents
from governance.incidents.models import Drill, Incident, Notice, Objection, OversightEvent, SuspensionOrder
from governance.people.acting import viewing
from tests.factories import REGISTER, sign_in
from tests.governance.approvals.conftest import sweep
from tests.governance.incidents.conftest import CRITICAL, again

pytestmark = pytest.mark.django_db
SMALL = {"kind": "performance", "severity": "low", "title": "Slower than usual"}


def page(client, actor, path: str) -> str:
    response = sign_in(client, actor).get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def post(client, actor, path: str, **sent):
    return sign_in(client, actor).post(path, sent)


def notices_of(incident: Incident) -> list[Notice]:
    with viewing(REGISTER):
        return list(Notice.objects.filter(incident=incident))


def notice_of(incident: Incident) -> Notice:
    with viewing(REGISTER):
        return Notice.objects.filter(incident=incident, addressee="supervisor").get()


def test_an_empty_list_says_what_to_do_first(owner, client):
    html = page(client, owner, "/incidents/")
    assert "No incident is on record" in html and "Open the list of models" in html
    assert 'href="/incidents/" aria-current="page"' in html or "Incidents" in html


def test_a_participant_sees_their_own_and_a_supervisor_everybodys(
    incident, stranger, supervisor, owner, client
):
    assert incident.title in page(client, owner, "/incidents/")
    assert incident.title not in page(client, stranger, "/incidents/")
    html = page(client, supervisor, "/incidents/")
    assert incident.title in html and "First Bank" in html


def test_a_list_costs_the_same_for_one_and_three(model, owner, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    incidents.open_incident(by=owner, model=model, **CRITICAL)
    sign_in(client, owner)
    client.get("/incidents/")
    with CaptureQueriesContext(connection) as one:
        client.get("/incidents/")
    for _each in range(2):
        incidents.open_incident(by=owner, model=model, **CRITICAL)
    with django_assert_num_queries(len(one)):
        client.get("/incidents/")


def test_its_page_says_what_is_owed_by_whose_word_and_what_to_do_next(incident, owner, client):
    html = page(client, owner, f"/incidents/{incident.pk}/")
    assert (
        html.index('id="next"')
        < html.index('id="facts"')
        < html.index('id="notices"')
        < html.index('id="timeline"')
    )
    assert "House rule" in html and "Proposed by the makers of Senim" in html
    assert f"/notices/{notice_of(incident).pk}/give/" in html


def test_an_overdue_notice_is_called_overdue(model, owner, client):
    late = incidents.open_incident(
        by=owner, model=model, detected_at=timezone.now() - timedelta(days=3), **CRITICAL
    )
    assert "Overdue" in page(client, owner, f"/incidents/{late.pk}/")
    assert "overdue" in page(client, owner, "/incidents/")


def test_a_machine_made_incident_is_said_in_the_readers_language(model, version, owner, client):
    row = incidents.open_incident(
        by=owner,
        model=model,
        version=version,
        kind="drift_and_performance",
        severity="high",
        title="drift_and_performance 1.0 2008Q4",
        summary={"key": "drift_and_performance", "params": {"version": "1.0", "window": "2008Q4"}},
    )
    html = page(client, owner, f"/incidents/{row.pk}/")
    assert "Version 1.0: the data have drifted and its performance has fallen (2008Q4)" in html


def test_an_officer_follows_an_incident_and_is_not_offered_to_handle_it(incident, supervisor, client):
    html = page(client, supervisor, f"/incidents/{incident.pk}/")
    assert 'id="next"' not in html and "/give/" not in html


def test_an_owner_opens_contains_tells_and_closes_it(model, owner, client, count):
    sent = {"kind": "harm", "severity": "high", "title": "Refused without cause", "detected_at": ""}
    answer = post(client, owner, f"/models/{model.pk}/incidents/open/", **sent)
    assert answer.status_code == 302
    with viewing(REGISTER):
        row = Incident.objects.get()
    assert post(client, owner, f"/incidents/{row.pk}/contain/", measures="Switched off").status_code == 302
    refused = post(client, owner, f"/incidents/{row.pk}/close/", cause="A", measures="B")
    assert refused.status_code == 409
    for notice in notices_of(row):
        told = post(client, owner, f"/notices/{notice.pk}/give/", text="We told you", reference="1")
        assert told.status_code == 302
    assert post(client, owner, f"/incidents/{row.pk}/close/", cause="A", measures="B").status_code == 302
    assert again(row).status == "closed"


def test_a_form_that_is_not_complete_is_shown_again_and_writes_nothing(model, owner, client, count):
    answer = post(
        client, owner, f"/models/{model.pk}/incidents/open/", kind="harm", severity="high", title=" "
    )
    assert answer.status_code == 200 and "Nothing was saved" in answer.content.decode()
    assert count(Incident) == 0


def test_a_suspended_permission_says_why_and_what_to_do_next(permission, owner, committee, client):
    path = f"/authorisations/{permission.pk}/suspend/"
    assert "Suspend" in page(client, owner, f"/models/{permission.model_id}/")
    assert post(client, committee[0], path, reason="Clients were refused").status_code == 302
    html = page(client, owner, f"/models/{permission.model_id}/")
    assert "Clients were refused" in html and "Ask for the lift" in html
    with viewing(REGISTER):
        order = SuspensionOrder.objects.get()
    asked = post(client, owner, f"/suspensions/{order.pk}/lift/", reason="Mended")
    assert asked.status_code == 302
    with viewing(REGISTER):
        lift = ApprovalRequest.objects.get(purpose="lift")
    assert "The committee has been asked for the lift." in page(
        client, owner, f"/models/{permission.model_id}/"
    )
    html = page(client, committee[0], f"/requests/{lift.pk}/")
    assert "What is to be lifted" in html and "Mended" in html
    assert "lift of a suspension" in page(client, committee[0], "/committee/")


def test_an_officer_suspends_and_releases_on_the_page_of_the_model(permission, owner, supervisor, client):
    path = f"/authorisations/{permission.pk}/suspend/"
    assert post(client, supervisor, path, reason="Complaints").status_code == 302
    html = page(client, owner, f"/models/{permission.model_id}/")
    assert "ordered by Supervisor" in html and "Ask for the lift" not in html
    assert "Release it" in page(client, supervisor, f"/models/{permission.model_id}/")
    with viewing(REGISTER):
        order = SuspensionOrder.objects.get()
    assert post(client, owner, f"/suspensions/{order.pk}/release/").status_code == 403
    assert post(client, supervisor, f"/suspensions/{order.pk}/release/").status_code == 302
    assert "Ask for the lift" in page(client, owner, f"/models/{permission.model_id}/")


def test_the_emergency_stop_needs_its_reason(permission, validator, client):
    path = f"/models/{permission.model_id}/stop/"
    assert post(client, validator, path, reason="").status_code == 200
    assert again(permission).state == "active"
    assert post(client, validator, path, reason="Now").status_code == 302
    assert again(permission).state == "suspended"


def test_who_may_not_suspend_is_not_offered_it(permission, administrator, client):
    assert "/suspend/" not in page(client, administrator, f"/models/{permission.model_id}/")
    answer = post(client, administrator, f"/authorisations/{permission.pk}/suspend/", reason="Mine")
    assert answer.status_code == 403
    assert again(permission).state == "active"


def test_the_log_of_oversight_is_read_by_all_and_written_by_some(model, owner, administrator, client, count):
    path = f"/models/{model.pk}/oversight/"
    assert "Nobody has stepped in yet" in page(client, owner, path)
    sent = {"kind": "override", "done": "Refusal turned into an offer", "decision_reference": "APP-17"}
    assert post(client, owner, path, **sent).status_code == 302
    html = page(client, administrator, path)
    assert "APP-17" in html and 'id="write"' not in html
    assert post(client, administrator, path, **sent).status_code == 403
    assert count(OversightEvent) == 1


def test_an_objection_is_noted_and_answered(model, owner, client):
    path = f"/models/{model.pk}/objections/"
    assert "No objection is on record" in page(client, owner, path)
    assert post(client, owner, path, reference="OB-1", ground="human").status_code == 302
    with viewing(REGISTER):
        row = Objection.objects.get()
    assert "OB-1" in page(client, owner, path)
    answer = post(client, owner, f"/objections/{row.pk}/answer/", outcome="upheld", answer="Corrected")
    assert answer.status_code == 302
    assert "the decision was changed" in page(client, owner, path)


def test_a_drill_is_started_and_finished(model, owner, client):
    path = f"/models/{model.pk}/drills/"
    assert "No drill was held yet" in page(client, owner, path)
    assert post(client, owner, path, kind="kill_switch", target_seconds="60").status_code == 302
    with viewing(REGISTER):
        drill = Drill.objects.get()
    assert f"/drills/{drill.pk}/finish/" in page(client, owner, path)
    done = post(client, owner, f"/drills/{drill.pk}/finish/", worked="yes", findings="Orders stopped")
    assert done.status_code == 302
    assert "Passed" in page(client, owner, path)


def test_what_waits_for_the_owner_begins_with_the_clocks(model, owner, validator):
    incidents.open_incident(by=owner, model=model, **CRITICAL)
    incidents.record_objection(by=owner, model=model, reference="OB-1", ground="human")
    sweep(model)
    with viewing(owner):
        mine = [each.what for each in waiting_for(owner)]
    assert mine[:4] == [
        "Tell the supervisor of the market of the incident I-0001",
        "Tell the clients concerned of the incident I-0001",
        "Handle the incident",
        "Answer an objection",
    ]
    with viewing(validator):
        assert "Handle the incident" not in [each.what for each in waiting_for(validator)]


def test_a_lift_request_waits_for_the_committee(permission, owner, committee):
    with viewing(owner):
        permission = Authorisation.objects.select_related("model").get(pk=permission.pk)
    order = incidents.suspend(by=owner, authorisation=permission, reason="Harm")
    with viewing(owner):
        order = SuspensionOrder.objects.select_related("authorisation__model").get(pk=order.pk)
    incidents.ask_for_lift(by=owner, order=order, reason="Mended")
    with viewing(committee[0]):
        assert "Vote on the lift of a suspension" in [each.what for each in waiting_for(committee[0])]
