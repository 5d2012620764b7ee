"""The pages of the organisation's papers: hand in, review, approve, take back, and the ways that lead there."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.desk.waiting import waiting_for
from governance.obligations import services as obligations
from governance.obligations.house.models import HouseRevision
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from tests.factories import join, sign_in
from tests.governance.inventory.made import PDF, registered
from tests.governance.obligations.house.made import accepted, day, handed_in, paper_of, trained

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(bank):
    return join(bank, "validator", email="second@bank.example")


@pytest.fixture
def web(owner) -> Client:
    return sign_in(Client(), owner)


def said(**more: object) -> dict[str, object]:
    return {
        "title": "AI policy",
        "language": "kk",
        "kinds": ["ai_policy"],
        "effective_on": day(-3).isoformat(),
        "file": SimpleUploadedFile("policy.pdf", PDF),
        **more,
    }


def test_from_the_empty_shelf_to_a_paper_that_waits_for_its_review(web, owner, second):
    shelf = web.get(reverse("house:papers")).content.decode()
    assert "Hand in the AI policy" in shelf and f"{reverse('house:add')}?kind=ai_policy" in shelf

    shown = web.post(reverse("house:add"), said(valid_until=day(300).isoformat()), follow=True)

    assert "Waits for review" in shown.content.decode() and "Review it" not in shown.content.decode()
    with viewing(owner):
        revision = HouseRevision.objects.get()
    assert (revision.effective_on, revision.valid_until) == (day(-3), day(300))
    review = reverse("house:review", args=[revision.pk])
    with viewing(second):
        assert [each.url for each in waiting_for(second) if each.status == "to_review"] == [review]
    with viewing(owner):
        assert not [each for each in waiting_for(owner) if each.status == "to_review"]


def test_the_kinds_asked_of_the_organisation_come_first_and_the_wanted_one_is_ticked(web):
    form = web.get(reverse("house:add") + "?kind=document:ai_policy").context["form"]

    first, *others = form.groups()
    offered = [box.data["value"] for box in first["boxes"]]
    assert {"ai_policy", "governance_charter", "training_record"} <= set(offered)
    assert "model_card" not in offered and len(offered) > 30
    assert first["is_open"] and form["kinds"].value() == ["ai_policy"]
    everything = [box.data["value"] for group in (first, *others) for box in group["boxes"]]
    assert len(everything) == len(set(everything)) == len(form.fields["kinds"].choices)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"effective_on": ""}, "effective_on"),
        ({"effective_on": "soon"}, "effective_on"),
        ({"valid_until": day(-4).isoformat()}, "valid_until"),
        ({"kinds": []}, "kinds"),
        ({"file": SimpleUploadedFile("policy.exe", PDF)}, "file"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_is_kept(web, owner, more, where):
    answer = web.post(reverse("house:add"), said(**more))

    assert answer.status_code == 422 and list(answer.context["form"].errors) == [where]
    with viewing(owner):
        assert not HouseRevision.objects.exists()


def test_a_second_person_accepts_it_on_its_page(web, owner, second):
    revision = handed_in(owner)
    page = reverse("house:review", args=[revision.pk])
    assert web.get(page).status_code == 403
    reviewer = sign_in(Client(), second)
    assert reviewer.post(page, {"verdict": "returned", "note": ""}).status_code == 422

    shown = reviewer.post(page, {"verdict": "accepted"}, follow=True).content.decode()

    assert "On file" in shown and second.name in shown
    assert reviewer.post(page, {"verdict": "accepted"}).status_code == 409


def test_a_member_of_the_committee_approves_by_a_button_that_others_do_not_see(bank, web, owner, second):
    revision = accepted(owner, second)
    page, sign = (
        reverse("house:paper", args=[revision.paper_id]),
        reverse("house:sign", args=[revision.pk]),
    )
    member = sign_in(Client(), join(bank, "committee", email="member@bank.example"))
    assert sign not in web.get(page).content.decode() and web.post(sign).status_code == 403

    assert sign in member.get(page).content.decode()
    shown = member.post(sign, follow=True).content.decode()

    assert "Approved by the committee:" in shown and sign not in shown
    with viewing(owner):
        assert Evidence.objects.get(kind="approval").source_id == revision.pk


def test_every_revision_is_shown_with_what_became_of_it(web, owner, second):
    first = accepted(owner, second)
    accepted(owner, second, paper=paper_of(first), content=PDF + b"2", effective_on=day(9))
    handed_in(owner, paper=paper_of(first), content=PDF + b"3")
    shown = web.get(reverse("house:paper", args=[first.paper_id]))
    assert [state for _each, state, _steps in shown.context["revisions"]] == [
        "to_review",
        "upcoming",
        "on_file",
    ]
    assert "Revision 3 waits for review" in web.get(reverse("house:papers")).content.decode()

    page = reverse("house:withdraw", args=[first.pk])
    assert web.post(page, {"reason": ""}).status_code == 422
    shown = web.post(page, {"reason": "The wrong file"}, follow=True)

    assert [state for _each, state, _steps in shown.context["revisions"]][-1] == "withdrawn"
    assert "The wrong file" in shown.content.decode()


def test_the_file_is_a_download(web, owner):
    revision = handed_in(owner)

    answer = web.get(reverse("house:file", args=[revision.pk]))

    assert b"".join(answer.streaming_content) == PDF
    assert "attachment" in answer["Content-Disposition"] and answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("number", [1, 3])
def test_the_shelf_costs_the_same_however_many_papers(web, owner, number):
    for n in range(number):
        handed_in(owner, title=f"Policy {n}")
    web.get(reverse("house:papers"))

    with CaptureQueriesContext(
        connection,
    ) as seen:
        web.get(reverse("house:papers"))

    assert len([each for each in seen if "house" in each["sql"]]) == 2


def test_a_requirement_of_the_organisation_leads_to_the_form_and_to_the_file(bank, web, owner, second):
    model = registered(owner)
    obligations.catch_up(bank.pk)
    page = reverse("obligations:requirement", args=[model.pk, "nist-govern-1-2"])
    assert f"{reverse('house:add')}?kind=document:ai_policy" in web.get(page).content.decode()

    revision = accepted(owner, second)
    obligations.catch_up(bank.pk)

    assert reverse("house:file", args=[revision.pk]) in web.get(page).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_trainings_costs_the_same_however_many(web, owner, number):
    for n in range(number):
        trained(owner, topic=f"Course {n}")
    web.get(reverse("house:trainings"))

    with CaptureQueriesContext(connection) as seen:
        web.get(reverse("house:trainings"))

    assert len([each for each in seen if "governance_training" in each["sql"]]) == 1


def test_the_supervisor_reads_whose_papers_they_are_and_changes_nothing(owner, supervisor):
    revision = handed_in(owner)
    trained(owner)
    officer = sign_in(Client(), supervisor)

    for name in ("house:papers", "house:trainings"):
        shown = officer.get(reverse(name)).content.decode()
        assert "First Bank" in shown and "Hand in a paper" not in shown and "Record a training" not in shown
    assert officer.get(reverse("house:file", args=[revision.pk])).status_code == 200
    for name in ("house:review", "house:withdraw"):
        assert officer.get(reverse(name, args=[revision.pk])).status_code == 403
