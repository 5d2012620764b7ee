"""The law binds a profile exactly as a person derived it by hand: which requirements, and which groups of each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from governance.obligations.edition import editions
from governance.obligations.rules import Facts, Requirement, Subject, active_numbers, answer, applies, flags

HERE = Path(__file__).parent
AS_OF = date(2026, 11, 22)


def _profiles() -> list[dict[str, Any]]:
    files = ("expected_duties.yaml", "derived_duties.yaml")
    read = [yaml.load((HERE / name).read_bytes(), Loader=yaml.CSafeLoader) for name in files]
    return [profile for each in read for profile in each["profiles"]]


PROFILES = _profiles()
BY_ID = pytest.mark.parametrize("profile", PROFILES, ids=[profile["id"] for profile in PROFILES])

FACTS = {
    "client_chatbot_vendor": Facts(
        role="owner_or_holder", origin="vendor", generative=True, client_facing=True, risk_degree="minimal",
        autonomy_degree="low", usage_mode="closed", licensed=True,
    ),
    "internal_document_search": Facts(
        role="owner_or_holder", origin="vendor", client_facing=False, risk_degree="minimal",
        autonomy_degree="low", usage_mode="closed", licensed=True,
    ),
    "index_direction_trading": Facts(
        role="owner_or_holder", origin="in_house", trained_model=True, trading=True, market_data=True,
        risk_degree="medium", autonomy_degree="medium", usage_mode="closed", licensed=True,
    ),
    "bank_credit_scoring": Facts(
        role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True, client_facing=True,
        personal_data=True, restricted_data=True, risk_degree="high", autonomy_degree="medium",
        usage_mode="closed",
    ),
    "staff_as_mere_user": Facts(
        role="user", origin="vendor", generative=True, client_facing=False, usage_mode="closed", licensed=True,
    ),
    "internal_generative_tool": Facts(
        role="owner_or_holder", origin="fine_tuned", generative=True, natural_persons=True, personal_data=True,
        restricted_data=True, client_facing=False, risk_degree="minimal", autonomy_degree="low",
        usage_mode="local", licensed=True,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def law() -> list[Requirement]:
    [edition] = [edition for edition in editions() if edition.framework == "kz-ai-law"]
    return [entry.requirement for entry in edition.entries]


def _flags(profile: dict[str, Any]) -> dict[str, bool | None]:
    return dict.fromkeys(profile["flags"], True)


@BY_ID
def test_exactly_these_requirements_bind_with_exactly_these_groups(profile, law):
    holds = _flags(profile)
    binding = [r for r in law if r.binds and applies(r.when, holds).answer == "yes"]

    assert {r.id: active_numbers(r, holds) for r in binding} == profile["binds"]
    assert len(binding) == profile["count"]


@BY_ID
def test_with_nothing_on_file_each_of_them_is_missing_and_no_other_is(profile, law):
    subject = Subject(model_id="m", version_id="v")
    answers = {r.id: answer(r, _flags(profile), [], AS_OF, subject).status for r in law}

    assert {name for name, status in answers.items() if status == "missing"} == set(profile["binds"])
    assert set(answers.values()) <= {"missing", "not_applicable", "not_ready", "none"}


@BY_ID
def test_the_registration_of_the_profile_gives_its_flags(profile):
    holds = {flag for flag, value in flags(FACTS[profile["id"]]).items() if value}

    assert holds == set(profile["flags"])
