"""What follows for the requirements when a questionnaire gives other grades: the same as when the grade is really another."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations.preview.regraded import preview
from governance.people.acting import acting, viewing
from governance.risk import services as risk
from governance.risk.preview.reading import candidate
from tests.factories import join, sign_in
from tests.governance.obligations.test_gaps import sheets
from tests.governance.obligations.things import a_later_law, a_model, caught_up, graded
from tests.governance.risk.given import mildest
from tests.governance.risk.preview.candidates import acts_alone, asks_more, candidate_file, mild_is_grave
from tests.journeys.refusing import reading_only

pytestmark = pytest.mark.django_db

POLICY = "kz-art15-2-1-risk-management"


@pytest.fixture
def model(owner):
    model = a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    risk.assess(by=owner, model=model, answers=mildest())
    return model


def tried(actor, content):
    with viewing(actor):
        return preview(by=actor, questionnaire=candidate(content), today=timezone.localdate())


def statuses(found):
    return {turn.obligation.key: (turn.was, turn.now) for turn in found.turns}


def test_the_requirements_turn_as_they_do_when_the_model_is_graded_so(bank, owner, validator, model):
    with reading_only():
        turns = statuses(tried(validator, candidate_file(mild_is_grave)))
    before = {key: duty.status for key, duty in caught_up(bank, owner, model).items()}
    with acting(owner, "model.graded"):
        model.assessments.update(superseded_at=timezone.now())
    graded(owner, model, "high", "low")
    after = {key: duty.status for key, duty in caught_up(bank, owner, model).items()}

    silent = {"", "none", "not_applicable"}
    differ = {
        key: (before.get(key, ""), after.get(key, ""))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key) and not {before.get(key, ""), after.get(key, "")} <= silent
    }
    assert turns and turns == differ


def test_a_grade_that_would_be_open_leaves_its_requirements_open(validator, model):
    turns = statuses(tried(validator, candidate_file(asks_more)))
    assert "open" in {now for _was, now in turns.values()}
    assert not {now for _was, now in turns.values()} & {"on_file", "due_soon"}


def test_a_grade_that_is_refused_leaves_them_open_too(validator, model):
    assert statuses(tried(validator, candidate_file(acts_alone))) == statuses(
        tried(validator, candidate_file(asks_more))
    )


def test_what_the_organisation_owes_turns_for_its_other_models_as_well(owner, validator, model, tmp_path):
    of_all = {"level": "organisation", "when": {"all_of": ["risk_high"]}}
    a_later_law(tmp_path, **{POLICY: of_all})
    other = a_model(owner, number="M-0002", role="owner_or_holder", origin="in_house")
    found = tried(validator, candidate_file(mild_is_grave))

    turned = [turn for turn in found.turns if turn.obligation.key == POLICY]
    assert {turn.model.pk for turn in turned} == {model.pk, other.pk}
    assert {(turn.was, turn.now) for turn in turned if turn.model == other} == {("open", "missing")}
    assert {turn.obligation.key for turn in found.turns if turn.model == other} == {POLICY}


def test_the_turns_count_from_the_day_of_the_candidate(validator, model):
    later = timezone.localdate() + timedelta(days=60)
    found = tried(validator, candidate_file(mild_is_grave, applies_from=later))
    assert {turn.on for turn in found.turns} == {later}


def test_the_questionnaire_of_today_turns_nothing(validator, supervisor, stranger, model):
    for reader in (validator, supervisor, stranger):
        assert tried(reader, candidate_file()).turns == []


def send(client, content, **more):
    file = SimpleUploadedFile("questionnaire.yaml", content)
    return client.post(reverse("obligations:preview-questionnaire"), {"file": file, **more})


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_grades_and_requirements_stand_on_one_page(client, validator, model, language):
    sign_in(client, validator).cookies["django_language"] = language
    assert client.get(reverse("obligations:preview-questionnaire")).status_code == 200
    answer = send(client, candidate_file(mild_is_grave))

    assert answer.status_code == 200 and len(answer.context["grades"]) == 1
    assert answer.context["rows"] and len(answer.context["grades"][0].changes) == 2


@pytest.mark.parametrize(
    ("change", "words"), [(asks_more, "new answers are needed"), (acts_alone, "refused")]
)
def test_a_model_without_a_grade_by_the_candidate_is_told_with_its_questions(
    client, validator, model, change, words
):
    page = send(sign_in(client, validator), candidate_file(change)).content.decode()
    assert words in page and "Degree of risk: minimal" in page


def test_the_same_stands_in_a_workbook_and_no_name_of_a_model_is_a_formula(client, owner, validator, model):
    with acting(owner, "model.changed"):
        AIModel.objects.filter(pk=model.pk).update(name="=1+1")
    answer = send(sign_in(client, validator), candidate_file(mild_is_grave), **{"as": "xlsx"})
    content = answer.getvalue()
    found = sheets(content)

    assert list(found) == ["Grades", "Requirements"] and len(found["Requirements"]) > 1
    assert found["Grades"][1][2:6] == ["=1+1", "Degree of risk", "minimal", "high"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml and set(re.findall(r' t="(\w+)"', xml)) == {"inlineStr"}


def test_flaws_stand_beside_the_field(client, validator):
    answer = send(sign_in(client, validator), b"edition: [")
    assert answer.status_code == 422 and "This is not YAML" in answer.content.decode()


def test_it_is_not_for_everybody(client, bank, model):
    for role in ("model_owner", "committee", "auditor"):
        other = join(bank, role, email=f"{role}@else.example")
        page = reverse("obligations:preview-questionnaire")
        assert sign_in(client, other).get(page).status_code == 403
