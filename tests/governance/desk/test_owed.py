"""The page says exactly what to hand in, by theme and effort, what it helps, and opens the right form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.demo.mortgage.answers import GRADE
from governance.desk.waiting import waiting_for
from governance.desk.ways import around, way_of
from governance.inventory import services as inventory
from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.crosswalk import services as crosswalk
from governance.obligations.crosswalk.themes import themes
from governance.obligations.edition import vocabularies
from governance.obligations.matrix.models import Standing
from governance.obligations.models import Duty, Evidence, KeptAnswer
from governance.obligations.owed.efforts import effort_of, efforts
from governance.obligations.owed.queries import Line, owed_by
from governance.obligations.owed.rules import Act, Demand, Piece
from governance.obligations.waiving import services as waiving
from governance.people.acting import acting, viewing
from governance.risk import services as risk
from tests.factories import sign_in
from tests.governance.inventory.made import accepted, document, registered
from tests.governance.obligations.things import a_model, a_paper, a_run, a_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(bank, owner) -> AIModel:
    model = registered(
        owner,
        trained_model=True,
        credit_scoring=True,
        natural_persons=True,
        decisions_about_persons=True,
        solely_automated=False,
        staff=False,
        personal_data=True,
    )
    risk.assess(by=owner, model=model, answers=GRADE)
    a_version(owner, model, "1.0")
    obligations.catch_up(bank.pk)
    return model


@pytest.fixture
def web(owner) -> Client:
    return sign_in(Client(), owner)


def page(web, model, language: str = "en"):
    web.cookies["django_language"] = language
    response = web.get(reverse("owed", args=[model.pk]))
    assert response.status_code == 200
    return response


def lines(response) -> list[dict]:
    of_model = [each for chapter in response.context["chapters"] for each in chapter["lines"]]
    return [*of_model, *response.context["of_organisation"]]


def line_of(response, kind: str) -> dict:
    [found] = [
        each
        for each in lines(response)
        if each["line"].kind == kind and not each["line"].piece.of_organisation
    ]
    return found


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_themes_stand_in_the_order_of_the_crosswalk_and_what_none_names_comes_last(web, model):
    shown = [chapter["theme"] for chapter in page(web, model).context["chapters"]]

    named = [theme.id for theme in shown if theme]
    assert named == [name for name in themes() if name in named] and len(named) > 10
    assert None not in shown[:-1]


def test_inside_a_theme_the_lightest_piece_comes_first(web, model):
    for chapter in page(web, model).context["chapters"]:
        ranks = [each["line"].effort.rank for each in chapter["lines"]]
        assert ranks == sorted(ranks)
    assert list(efforts()) == ["answer", "text", "log", "check", "document", "test", "decision"]


def test_every_kind_of_evidence_has_its_effort():
    words = vocabularies()
    kinds = [
        *(f"document:{name}" for name in words["evidence_document_kinds"]),
        *(f"check:{name}" for name in words["checks"]),
        *(f"registration_field:{name}" for name in words["registration_fields"]),
        *words["other_evidence"],
    ]
    assert all(effort_of(kind).title for kind in kinds)


def test_each_piece_stands_once_and_together_they_touch_every_gap(web, owner, model):
    response = page(web, model)

    named = [(each["line"].kind, each["line"].piece.of_organisation) for each in lines(response)]
    assert len(named) == len(set(named))
    helped = {key for each in lines(response) for key in each["line"].piece.requirements}
    with viewing(owner):
        lacking = Duty.objects.filter(model=model, status__in=["missing", "overdue", "failing"])
        assert {duty.obligation.key for duty in lacking.select_related("obligation")} <= helped


def test_a_line_says_how_many_requirements_of_which_frameworks_it_helps(web, model):
    each = line_of(page(web, model), "human_oversight_log")

    helped = {one.framework.key: len(one.obligations) for one in each["line"].helped}
    assert helped["kz-ai-law"] >= 1 and helped["nist-ai-rmf"] >= 1
    words = text(page(web, model))
    assert f"Helps to answer {sum(helped.values())} requirements" in words
    assert f"On Artificial Intelligence&quot; – {helped['kz-ai-law']}" in words


def test_every_link_of_the_page_leads_the_owner_to_a_page(web, model):
    content = page(web, model).content.decode()
    ways = {
        urlsplit(way)._replace(fragment="").geturl()
        for way in re.findall(r'href="(/[^"]*)"', content)
        if not way.startswith(("/language/", "/static/", "/sign-out/"))
    }
    requirements = {way for way in ways if "/requirements/" in way}

    assert len(ways - requirements) > 12
    for way in [*(ways - requirements), *sorted(requirements)[:3]]:
        assert web.get(way.replace("&amp;", "&"), follow=True).status_code == 200, way


def test_the_right_form_opens_with_the_kind_chosen(web, model):
    response = page(web, model)
    paper = line_of(response, "document:risk_register")["way"]
    form = web.get(paper.url).context["form"]
    assert form["kinds"].value() == ["risk_register"]

    outlined = [each["way"] for each in lines(response) if each["way"].others]
    assert outlined
    first = web.get(outlined[0].url).context["choices"][0]
    assert first["is_first"] and f"?kind={first['outline'].kind}" in outlined[0].url


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("human_oversight_log", "incidents:oversight"),
        ("registration_field:kill_switch_owner", "inventory:edit"),
        ("kill_switch_test", "incidents:drills"),
        ("check:fairness", "data:data"),
        ("approval", "approvals:ask"),
    ],
)
def test_each_kind_has_its_form(web, bank, owner, model, kind, address):
    demand = Demand("kz-art6-fairness-equality", 1, Act.HAND_IN, (kind,), "missing")
    with viewing(owner):
        version = model.versions.get()
        way = way_of(Line(Piece(Act.HAND_IN, kind, (demand,)), None, [], 0, 0), around(model, owner))
    named = {"inventory:edit": [model.pk, "people"], "approvals:ask": [version.pk]}
    assert way.url.startswith(reverse(address, args=named.get(address, [model.pk])))


def test_a_failing_check_is_looked_into_and_no_paper_is_offered(web, bank, owner, model):
    with viewing(owner):
        version = model.versions.get()
    a_run(model, version, "check:fairness", "failed")
    obligations.catch_up(bank.pk)

    each = line_of(page(web, model), "check:fairness")

    assert each["line"].piece.act == Act.FIND_CAUSE and each["line"].words == "failing"
    assert str(each["way"].words) == "Find the cause: Fairness" and not each["instead"]
    assert "/runs/" in each["way"].url
    assert "Hand in: Fairness assessment" not in text(page(web, model))


def test_what_is_handed_in_is_owed_no_more(web, bank, owner, model):
    before = line_of(page(web, model), "document:risk_register")["line"].number
    a_paper(owner, model, "risk_register")
    obligations.catch_up(bank.pk)

    assert before >= 1
    assert "document:risk_register" not in {each["line"].kind for each in lines(page(web, model))}


def test_what_waits_for_its_review_leads_there_instead_of_to_the_form(web, bank, owner, model):
    paper = document(owner, model, title="Risks", kinds=["risk_register"])
    obligations.catch_up(bank.pk)

    each = line_of(page(web, model), "document:risk_register")

    assert each["way"].url == reverse("inventory:document", args=[paper.document_id])
    assert "It waits for a review by a second person: Risk register" in text(page(web, model))


def test_what_comes_due_is_handed_in_as_the_next_revision_with_its_day(web, bank, owner, model):
    paper = accepted(owner, model, title="Risks", kinds=["risk_register", "review_minutes"])
    obligations.catch_up(bank.pk)
    soon = timezone.localdate() + timedelta(days=9)
    with acting(owner, "test.arranged"):
        Evidence.objects.filter(source_id=paper.pk).update(valid_until=soon)
    obligations.catch_up(bank.pk)

    each = line_of(page(web, model), "document:risk_register")

    assert each["line"].piece.status == "due_soon" and each["line"].piece.due_on == soon
    assert each["way"].url == reverse("inventory:revise-document", args=[paper.document_id])
    assert "Hand in a new revision: Risk register" in text(page(web, model))


def test_an_accepted_gap_stays_owed_until_its_day(web, bank, validator, model):
    ends = timezone.localdate() + timedelta(days=40)
    with viewing(validator):
        responsible = model.owner_id
    terms = waiving.Terms(reason="It comes.", plan="By hand.", responsible_id=responsible, ends_on=ends)
    waiving.waive(by=validator, model=model, obligation_key="kz-art18-1-1-identify-risks", terms=terms)
    obligations.catch_up(bank.pk)

    assert "1 requirement is excused for a time" in text(page(web, model))
    helped = {key for each in lines(page(web, model)) for key in each["line"].piece.requirements}
    assert "kz-art18-1-1-identify-risks" in helped


def test_before_the_grade_the_page_asks_for_it_first(web, bank, owner):
    model = registered(owner)
    obligations.catch_up(bank.pk)

    each = line_of(page(web, model), "grade")

    assert each["line"].piece.act == Act.ANSWER and each["line"].effort.key == "answer"
    assert each["way"].url == reverse("risk:assess", args=[model.pk])


def test_papers_of_the_organisation_are_told_apart_and_lead_to_their_forms(web, model):
    asked = page(web, model).context["of_organisation"]

    assert asked and all(each["line"].piece.of_organisation for each in asked)
    assert all(each["way"].url.startswith("/organisation/") for each in asked)
    [policy] = [each["way"] for each in asked if each["line"].kind == "document:ai_policy"]
    assert web.get(policy.url).context["form"]["kinds"].value() == ["ai_policy"]
    assert "Asked of the organisation once" in text(page(web, model))


def test_one_piece_for_many_is_proposed_until_a_person_confirms_every_member(web, bank, validator, model):
    assert "proposed: one piece answers these" in text(page(web, model))
    each = next(one for one in lines(page(web, model)) if one["line"].answers_once == "proposed")
    theme, piece = each["line"].theme, each["line"].piece
    members = [key for key in piece.requirements if key in theme.members]

    crosswalk.confirm(by=validator, organisation=bank, group=theme.id, members=members[:1])
    assert line_of(page(web, model), piece.kind)["line"].answers_once == "partly"

    crosswalk.confirm(by=validator, organisation=bank, group=theme.id, members=members)
    assert line_of(page(web, model), piece.kind)["line"].answers_once == "confirmed"
    assert "confirmed: one piece answers these" in text(page(web, model))
    assert piece.status == line_of(page(web, model), piece.kind)["line"].piece.status


def leave_only(model: AIModel, duties: Iterable[Duty]) -> None:
    """As if the model owed nothing but these."""
    kept = {duty.obligation_id for duty in duties}
    for row in Standing.objects.filter(model=model):
        answers = KeptAnswer.objects.filter(pk__in=row.answers, obligation_id__in=kept)
        row.answers = list(answers.values_list("pk", flat=True))
        row.save(update_fields=["answers"])


def test_where_everything_is_on_file_the_page_says_so_and_is_no_opinion(web, bank, owner, model):
    with acting(owner, "test.arranged"):
        leave_only(model, Duty.objects.filter(model=model, status="on_file"))
    words = text(page(web, model))

    assert "Nothing is owed today" in words and "This is not a legal opinion" in words
    assert "compliant" not in words.lower()


def test_before_the_first_computation_the_page_says_so(web, owner):
    assert "The requirements are being computed" in text(page(web, a_model(owner)))


def test_a_withdrawn_model_owes_nothing_any_more(web, owner, model):
    inventory.withdraw(by=owner, model=model, reason="Replaced.")

    assert lines(page(web, model)) == [] and "This model is withdrawn" in text(page(web, model))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "What is still owed"),
        ("ru", "Надзор человека"),
        ("kk", "Адам бақылауы"),
    ],
)
def test_the_page_speaks_three_languages(web, model, language, words):
    assert words in text(page(web, model, language))


def test_the_database_is_asked_as_often_for_one_duty_as_for_all_and_for_three_models(bank, owner, model):
    def asked(which: AIModel) -> int:
        with viewing(owner), CaptureQueriesContext(connection) as caught:
            found = owed_by(which)
            for chapter in found.chapters:
                for line in chapter.lines:
                    assert line.name and line.effort.title and line.helped[0].framework.title
        return len(caught)

    with viewing(owner):
        version = model.versions.get()
    a_run(model, version, "check:fairness", "failed")
    obligations.catch_up(bank.pk)
    every = asked(model)
    for n in (2, 3):
        a_model(owner, number=f"M-000{n + 5}", role="owner_or_holder")
    obligations.catch_up(bank.pk)
    assert asked(model) == every == 3
    with acting(owner, "test.arranged"):
        leave_only(model, Duty.objects.filter(model=model, status="failing")[:1])
    assert asked(model) == every


def test_nothing_is_proposed_instead_that_would_not_count_for_this_model(web, model):
    """It was built in house, so no vendor can disclose anything about it."""
    shown = lines(page(web, model))

    assert any("vendor_disclosure" in each["line"].piece.instead for each in shown)
    assert not any("Disclosure by the vendor" in each["instead"] for each in shown)
    assert not any(each["line"].kind == "vendor_disclosure" for each in shown)


def test_a_stranger_finds_nothing(model, stranger):
    assert sign_in(Client(), stranger).get(reverse("owed", args=[model.pk])).status_code == 404


def test_a_reader_sees_what_is_owed_without_forms_they_may_not_open(model, committee):
    shown = lines(page(sign_in(Client(), committee[0]), model))

    papers = [each["way"] for each in shown if each["line"].kind.startswith("document:")]
    assert any(not way.url for way in papers)
    assert not any("/documents/add/" in way.url for way in papers)


def test_the_page_is_reached_from_home_the_model_and_its_requirements(web, owner, model):
    here = reverse("owed", args=[model.pk])
    for address in (
        "/",
        reverse("model", args=[model.pk]),
        reverse("obligations:requirements", args=[model.pk]),
    ):
        assert here in web.get(address).content.decode()
    with viewing(owner):
        [waiting] = [each for each in waiting_for(owner) if each.url == here]
    assert waiting.what == "Hand in what is still owed" and re.search(r"· \d+ requirements$", waiting.about)
