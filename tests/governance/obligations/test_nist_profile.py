"""The profile under NIST AI RMF: its functions, and each outcome with its status, its evidence and its conclusion."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.models import Duty, Evidence
from governance.people import services as people
from governance.people.acting import acting, viewing
from tests.factories import sign_in
from tests.governance.obligations.things import a_model, a_paper, a_version, sheet, signed

pytestmark = pytest.mark.django_db

ERRORS = "nist-map-3-2"
SIZES = {
    "GOVERN": [7, 3, 2, 3, 2, 2],
    "MAP": [6, 3, 5, 2, 2],
    "MEASURE": [3, 13, 3, 3],
    "MANAGE": [4, 4, 2, 3],
}
"""Subcategories of each category. Source: NIST AI 100-1, tables 1 to 4."""


@pytest.fixture
def model(bank, owner) -> AIModel:
    """One paper is on file: it answers MAP 3.2, both groups of it."""
    model = a_model(owner)
    a_version(owner, model, "1.0")
    a_paper(owner, model, "impact_assessment", "risk_register", sha256="c" * 64)
    obligations.catch_up(bank.pk)
    return model


@pytest.fixture
def ci(bank, administrator, client):
    def with_scopes(*scopes: str, of=bank, by=administrator):
        _token, secret = people.issue_token(by=by, organisation=of, name="CI", scopes=list(scopes), days=1)
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return client

    return with_scopes


def address(model_id: object) -> str:
    return f"/api/v1/models/{model_id}/nist-profile"


def stamp(at: datetime) -> str:
    """As the interface writes it, to the millisecond."""
    return timezone.localtime(at).isoformat(timespec="milliseconds")


def outcomes(profile) -> dict[str, dict]:
    return {
        each["id"]: each
        for function in profile["functions"]
        for category in function["categories"]
        for each in category["subcategories"]
    }


def test_the_head_names_the_model_the_edition_and_the_day(ci, owner, model):
    profile = ci("models:read").get(address(model.pk)).json()
    today = timezone.localdate().isoformat()

    assert {key: value for key, value in profile.items() if key not in ("computed_at", "functions")} == {
        "statement": f"Evidence status under edition 2026-11-22 as read on {today}; not a legal opinion.",
        "framework": {
            "key": "nist-ai-rmf",
            "edition": "2026-11-22",
            "title": {
                "kk": "NIST ЖИ тәуекелдерін басқару жүйесі 1.0",
                "ru": "Система управления рисками ИИ NIST 1.0",
                "en": "NIST AI Risk Management Framework 1.0",
            },
        },
        "read_on": today,
        "is_current": True,
        "model": {
            "id": str(model.pk),
            "number": "M-0001",
            "name": "Model M-0001",
            "organisation": dict.fromkeys(("kk", "ru", "en"), "First Bank"),
            "version": "1.0",
        },
    }
    assert profile["computed_at"] == stamp(sheet(owner, model).computed_at)


def test_it_has_the_functions_categories_and_outcomes_of_the_framework(ci, model):
    profile = ci("models:read").get(address(model.pk)).json()

    assert {
        function["id"]: [len(each["subcategories"]) for each in function["categories"]]
        for function in profile["functions"]
    } == SIZES
    assert [each["id"] for each in profile["functions"]] == list(SIZES)
    listed = outcomes(profile)
    assert list(listed)[:8] == [f"GOVERN 1.{n}" for n in range(1, 8)] + ["GOVERN 2.1"]
    measured = profile["functions"][2]["categories"][1]
    assert measured["id"] == "MEASURE 2" and [each["id"] for each in measured["subcategories"]][9:] == [
        "MEASURE 2.10", "MEASURE 2.11", "MEASURE 2.12", "MEASURE 2.13",
    ]  # fmt: skip


def test_an_outcome_that_one_paper_answers_is_what_we_write_by_hand(ci, model):
    assert outcomes(ci("models:read").get(address(model.pk)).json())["MAP 3.2"] == {
        "id": "MAP 3.2",
        "key": ERRORS,
        "title": {
            "kk": "Қателерден болатын шығындар зерделенген",
            "ru": "Издержки ошибок изучены",
            "en": "Costs of errors examined",
        },
        "evidence_status": "on_file",
        "evidence": [
            {
                "kind": kind,
                "verdict": "on_file",
                "digest": "c" * 64,
                "taken_on": timezone.localdate().isoformat(),
            }
            for kind in ("document:impact_assessment", "document:risk_register")
        ],
        "conclusion": None,
        "note": [],
    }


def test_an_outcome_without_evidence_says_what_is_missing(ci, model):
    bare = outcomes(ci("models:read").get(address(model.pk)).json())["MAP 3.1"]

    assert (bare["evidence_status"], bare["evidence"]) == ("missing", [])
    assert bare["note"] == ["Missing: Business case."]


def test_a_conclusion_says_who_when_and_whether_it_still_stands(ci, owner, bank, validator, model):
    signed(validator, bank, ERRORS)
    made = obligations.conclude(
        by=validator, model=model, obligation_key=ERRORS, verdict="met", reason="I read the assessment.",
        seen=duty_digest(owner, model),
    )  # fmt: skip
    obligations.catch_up(bank.pk)
    asked = ci("models:read")
    expected = {
        "verdict": "met",
        "by": "validator",
        "at": stamp(made.concluded_at),
        "reason": "I read the assessment.",
        "stands": True,
    }
    assert outcomes(asked.get(address(model.pk)).json())["MAP 3.2"]["conclusion"] == expected

    with acting(validator, "evidence.revoked"):
        Evidence.objects.filter(kind="document:risk_register").update(digest="d" * 64)
    obligations.catch_up(bank.pk)
    assert outcomes(asked.get(address(model.pk)).json())["MAP 3.2"]["conclusion"] == {
        **expected,
        "stands": False,
    }


def duty_digest(reader, model) -> str:
    with viewing(reader):
        return Duty.objects.get(model=model, obligation__key=ERRORS).evidence_digest


def test_the_same_record_gives_the_same_bytes_and_the_page_gives_what_the_api_gives(ci, client, owner, model):
    first, second = (ci("models:read").get(address(model.pk)) for _ in range(2))
    assert first.content == second.content and list(json.loads(first.content))[:3] == [
        "statement", "framework", "read_on",
    ]  # fmt: skip

    answer = sign_in(client, owner).get(reverse("obligations:nist-profile", args=[model.pk]))
    assert json.loads(answer.content) == first.json()
    assert answer["Content-Disposition"] == 'attachment; filename="nist-ai-rmf-M-0001.json"'


def test_before_the_first_computation_there_is_no_profile(ci, client, owner):
    fresh = a_model(owner, number="M-0002")

    answer = ci("models:read").get(address(fresh.pk))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:senim:problem:out-of-order")


def test_a_profile_that_is_behind_says_so(ci, owner, model):
    a_paper(owner, model, "model_card")

    assert ci("models:read").get(address(model.pk)).json()["is_current"] is False


def test_another_organisation_gets_the_answer_of_no_model(ci, model, broker, stranger):
    theirs = ci("models:read", of=broker, by=stranger)

    there, nowhere = theirs.get(address(model.pk)), theirs.get(address(uuid.uuid4()))
    assert (there.status_code, nowhere.status_code) == (404, 404) and there.content == nowhere.content


def test_a_token_that_reads_no_models_reads_no_profile(ci, model):
    assert ci("gate:read").get(address(model.pk)).status_code == 403


def test_the_interface_describes_it(client):
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/models/{model_id}/nist-profile"][
        "get"
    ]

    assert "Govern, Map, Measure, Manage" in described["description"]
    assert described["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Profile")


def test_nothing_in_it_says_that_the_framework_is_kept(ci, model):
    assert "compliant" not in ci("models:read").get(address(model.pk)).content.decode().lower()


@pytest.mark.parametrize("papers", [0, 3])
def test_it_costs_the_same_however_much_is_on_file(ci, bank, owner, model, papers, django_assert_num_queries):
    for kind in ("business_case", "model_card", "risk_treatment_plan")[:papers]:
        a_paper(owner, model, kind)
    obligations.catch_up(bank.pk)
    asked = ci("models:read")
    with django_assert_num_queries(13):
        asked.get(address(model.pk))
