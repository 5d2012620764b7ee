"""Flags follow from the registration alone; a question left open stays open unless another answer settles it."""

from __future__ import annotations

import pytest

from governance.obligations.edition import vocabularies
from governance.obligations.registration import FIELDS
from governance.obligations.rules import Facts, filled, flags

EVENTS = {
    "incident_occurred",
    "audit_planned",
    "seeks_trusted_list",
    "eu_derogation_claimed",
    "human_subject_evaluation",
}


def test_before_anybody_answers_everything_is_open_but_what_nobody_is_asked():
    assert flags(Facts()) == {flag: False if flag in EVENTS else None for flag in vocabularies()["flags"]}


@pytest.mark.parametrize(
    ("origin", "vendor", "expected"),
    [
        ("", "", None),
        ("in_house", "", False),
        ("in_house", "a data vendor", True),
        ("vendor", "", True),
        ("open_source", "", True),
        ("fine_tuned", "", True),
    ],
)
def test_a_third_party_stands_behind_all_that_is_not_made_in_house(origin, vendor, expected):
    assert flags(Facts(origin=origin, vendor=vendor))["third_party"] is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(role="user"), True),
        (Facts(role="owner_or_holder", origin="vendor", client_facing=False), True),
        (Facts(role="owner_or_holder", origin="vendor", client_facing=True), False),
        (Facts(role="owner_or_holder", origin="vendor"), None),
        (Facts(role="owner_or_holder", origin="in_house", client_facing=False), False),
        (Facts(role="owner_or_holder", origin="fine_tuned", client_facing=False), False),
        (Facts(role="owner_or_holder", client_facing=True), False),
        (Facts(role="owner_or_holder", client_facing=False), None),
        (Facts(origin="vendor", client_facing=True), None),
    ],
)
def test_staff_use_somebody_elses_ai_as_mere_users_or_where_clients_never_meet_a_bought_system(
    facts, expected
):
    assert flags(facts)["user_role"] is expected


@pytest.mark.parametrize(
    ("facts", "proven"),
    [
        (Facts(credit_scoring=True), {"decisions_about_persons", "natural_persons"}),
        (Facts(decisions_about_persons=True), {"natural_persons"}),
        (Facts(market_making=True), {"trading"}),
        (Facts(deepfake=True), {"generative"}),
        (Facts(origin="fine_tuned"), {"trained_model", "third_party"}),
    ],
)
def test_one_answer_proves_another(facts, proven):
    holds = {flag for flag, value in flags(facts).items() if value}

    assert proven <= holds


def test_a_clear_no_is_not_opened_again_by_an_unanswered_neighbour():
    assert flags(Facts(natural_persons=False))["natural_persons"] is False


@pytest.mark.parametrize("degree", ["minimal", "medium", "high"])
def test_a_grade_sets_one_degree_and_denies_the_others(degree):
    holds = flags(Facts(risk_degree=degree))

    assert {name for name in ("risk_minimal", "risk_medium", "risk_high") if holds[name]} == {
        f"risk_{degree}"
    }
    assert None not in {holds["risk_minimal"], holds["risk_medium"], holds["risk_high"]}


def test_outside_european_scope_there_is_no_provider_no_deployer_and_no_high_risk():
    holds = flags(Facts(eu_scope=False, origin="in_house", credit_scoring=True))

    assert [holds[name] for name in ("provider", "deployer", "eu_high_risk")] == [False, False, False]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(eu_scope=True, credit_scoring=True), True),
        (Facts(eu_scope=True, staff=True, decisions_about_persons=True), True),
        (Facts(eu_scope=True, emotion_or_biometric=True), True),
        (
            Facts(eu_scope=True, credit_scoring=False, staff=False, emotion_or_biometric=False, trading=True),
            False,
        ),
        (Facts(eu_scope=True, credit_scoring=False, staff=False), None),
        (Facts(credit_scoring=True), None),
    ],
)
def test_high_risk_in_the_european_sense_is_annex_iii_and_not_trading(facts, expected):
    assert flags(facts)["eu_high_risk"] is expected


def test_a_field_is_filled_when_it_says_something_and_no_says_something():
    values = {"risk_degree": "high", "solely_automated": False, "vendor": "", "hosting": None, "tier": 1}

    found = filled(values, vocabularies()["registration_fields"])

    assert found == {"risk_level": "high", "solely_automated": "False", "materiality": "1"}


def test_an_unfinished_check_for_prohibited_functions_is_not_a_filled_field():
    assert filled({"prohibited_use_check": False}, ["prohibited_use_check"]) == {}
    assert filled({"prohibited_use_check": True}, ["prohibited_use_check"]) == {
        "prohibited_use_check": "True"
    }


def test_only_fields_of_the_vocabulary_have_an_attribute():
    assert set(FIELDS) <= set(vocabularies()["registration_fields"])
