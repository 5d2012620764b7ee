"""The page of limits, and the one command for everything that can be tried."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from governance.errors import RuleBroken
from governance.risk import services as risk
from monitoring.preview.candidates import from_file, one
from tests.factories import join, sign_in
from tests.governance.inventory.made import registered
from tests.governance.obligations.test_gaps import sheets
from tests.governance.risk.given import mildest
from tests.governance.risk.preview.candidates import asks_more, candidate_file, mild_is_grave
from tests.journeys.refusing import reading_only
from tests.monitoring.preview.answered import answer, asked, drift

pytestmark = pytest.mark.django_db

STRICTER = {"limit": "drift.drifted_share", "value": "0.3"}


@pytest.fixture
def drifting(owner):
    things = asked(owner, "drift")
    answer(owner, things, "drift", drift(0.01, 0.02, 0.3))
    return things


def send(client, **given):
    return client.post(reverse("preview:limits"), given)


def said(*given: object) -> tuple[list[dict[str, str]], str]:
    out, told = StringIO(), StringIO()
    with reading_only():
        call_command("preview", *given, "--json", stdout=out, stderr=told)
    return [json.loads(each) for each in out.getvalue().splitlines()], told.getvalue()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_one_limit_is_tried_on_a_page(client, validator, drifting, language):
    sign_in(client, validator).cookies["django_language"] = language
    assert client.get(reverse("preview:limits")).status_code == 200
    page = send(client, **STRICTER)

    assert page.status_code == 200 and len(page.context["checks"]) == len(page.context["models"]) == 1


def test_a_file_of_limits_is_tried_on_the_same_page(client, validator, drifting):
    file = SimpleUploadedFile("limits.yaml", b"tiers: {1: {drift: {drifted_share: 0.3}}}")
    page = send(sign_in(client, validator), file=file)
    assert [(line.was.key, line.now.key) for line in page.context["checks"]] == [("amber", "failed")]


def test_the_lists_leave_as_a_workbook(client, validator, drifting):
    page = send(sign_in(client, validator), **STRICTER, **{"as": "xlsx"})
    found = sheets(page.getvalue())

    assert list(found) == ["Checks", "Models", "Requirements"]
    [_head, row] = found["Checks"]
    assert row[3:9] == ["Data drift", "current", "Amber: look into it", "Fails", "amber", "red"]
    assert [row[3:] for row in found["Models"]][1:] == [["Amber: look into it", "Fails"]]


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({}, None, "one of the two"),
        ({"value": "0.3"}, "limit", "Choose the limit"),
        ({"limit": "drift.drifted_share"}, "value", "Say which value"),
        ({"limit": "drift.drifted_share", "value": "-1"}, "value", "greater than or equal to 0"),
        ({"limit": "drift.drifted_share", "value": "nan"}, "value", "Enter a number"),
        ({"limit": "drift.poem", "value": "1"}, "limit", "valid choice"),
        ({**STRICTER, "tier": "9"}, "tier", "valid choice"),
    ],
)
def test_what_cannot_be_tried_is_said_beside_its_field(client, validator, given, field, words):
    page = send(sign_in(client, validator), **given)
    errors = page.context["form"].errors.get(field or "__all__", [])
    assert page.status_code == 422 and words in " ".join(errors)


def test_a_limit_and_a_file_at_once_are_refused(client, validator):
    file = SimpleUploadedFile("limits.yaml", b"tiers: {1: {drift: {drifted_share: 0.3}}}")
    assert send(sign_in(client, validator), **STRICTER, file=file).status_code == 422


def test_it_is_not_for_everybody(client, bank, drifting):
    for role in ("model_owner", "committee", "auditor"):
        other = join(bank, role, email=f"{role}@else.example")
        assert sign_in(client, other).get(reverse("preview:limits")).status_code == 403


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"- 1", "begins with"),
        (b"tiers: {}", "begins with"),
        (b"tiers: {1: {drift: {drifted_share: 0.3}}\nother: 1}", "not YAML"),
        (b"tiers: {1: {drift: {drifted_share: 0.3}}}\nother: 1", "other: there is no such key"),
        (b"tiers: {9: {drift: {drifted_share: 0.3}}}", "tiers.9: a tier is a number from 1 to 4"),
        (b"tiers: {1: {poem: {drifted_share: 0.3}}}", "tiers.1.poem: There is no such check."),
        (b"tiers: {1: {drift: {poem: 0.3}}}", "tiers.1.drift.poem: This check has no such limit."),
        (b"tiers: {1: {drift: {drifted_share: high}}}", "tiers.1.drift.drifted_share: This must be a number"),
        (b"tiers: {1: {drift: {drifted_share: .nan}}}", "tiers.1.drift.drifted_share: This must be a number"),
        (b"tiers: {1: {drift: {drifted_share: [1]}}}", "tiers.1.drift.drifted_share: This must be a number"),
        (b"tiers: {1: {drift: {limits_from: [1]}}}", "tiers.1.drift.limits_from: This is not one of the choices"),
        (b"tiers: {1: {drift: 0.3}}", "tiers.1.drift: under it stand"),
        (b"tiers: {1: 0.3}", "tiers.1: under it stand"),
        (b"tiers: &x {1: {drift: *x}}", "by reference"),
    ],
)  # fmt: skip
def test_a_file_with_flaws_is_refused_with_the_place_of_each(content, words):
    with pytest.raises(RuleBroken) as refusal:
        from_file(content)
    assert any(words in str(problem.what) for problem in refusal.value.problems)


def test_a_limit_of_all_tiers_is_refused_once():
    with pytest.raises(RuleBroken) as refusal:
        one("drift", "poem", 0.3, tier=2)
    assert [str(each.what) for each in refusal.value.problems] == [
        "tiers.2.drift.poem: This check has no such limit."
    ]


def test_the_command_tries_one_limit_on_the_whole_register(drifting):
    lines, told = said("limits", "--limit", "drift.drifted_share=0.3")

    assert [(each["kind"], each["was"], each["now"]) for each in lines[:2]] == [
        ("check", "amber", "failed"),
        ("model", "amber", "failed"),
    ]
    assert "1 answers judged again, 0 of them too old, 1 checks and 1 models change" in told
    assert told.strip().endswith("nothing was written")


def test_the_command_tries_a_file_of_limits(drifting, tmp_path):
    path = tmp_path / "limits.yaml"
    path.write_bytes(b"tiers: {2: {drift: {drifted_share: 0.3}}}")
    assert said("limits", path)[0] == []


def test_the_command_tries_a_questionnaire(owner, tmp_path):
    model, path = registered(owner), tmp_path / "questionnaire.yaml"
    risk.assess(by=owner, model=model, answers=mildest())
    path.write_bytes(candidate_file(mild_is_grave))
    lines, told = said("questionnaire", path)
    grades = [(each["model"], each["axis"], each["was"], each["now"]) for each in lines if each["kind"] == "grade"]  # fmt: skip

    assert grades == [(model.number, "risk", "minimal", "high"), (model.number, "tier", "4", "1")]
    assert (
        "kz-2099: 1 models judged, 0 have no grade yet, 1 grades change, 0 of them are open or refused"
        in told
    )

    path.write_bytes(candidate_file(asks_more))
    [first, *_requirements] = said("questionnaire", path)[0]
    assert (first["axis"], first["now"], first["questions"]) == ("all", "open", "reach")


def test_lines_for_people_say_the_same(drifting):
    out = StringIO()
    call_command("preview", "limits", "--limit", "drift.drifted_share=0.3", stdout=out, stderr=StringIO())
    assert f"{drifting.model.number}  check drift  amber → failed" in out.getvalue()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["limits"], "one of the two"),
        (["limits", "--limit", "drift.drifted_share=much"], "is no number"),
        (["limits", "--limit", "drift.poem=1"], "no such limit"),
        (["questionnaire", "nowhere.yaml"], "No such file"),
    ],
)
def test_the_command_says_what_it_cannot_try(given, words):
    with pytest.raises(CommandError, match=words):
        call_command("preview", *given)
