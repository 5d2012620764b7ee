"""What the bank says of its corporate default model, and how it was graded."""

from __future__ import annotations

from typing import Any

CORPORATE: dict[str, Any] = {
    "name": "Corporate default",
    "summary": "Says how likely a corporate borrower is to stay standard (stage 1 of IFRS 9) and not to default.",
    "purpose": "Provisions and limits for corporate loans; the credit committee decides.",
    "business_process": "Corporate lending, provisions",
    "technique": "Gradient boosting (XGBoost)",
    "limitations": "Learnt from 200 borrowers, half of them in default: its scores rank, they are no probabilities.",
    "prohibited_uses": "Loans to natural persons; refusing a loan without a person.",
    "senior_manager": "Deputy chairman of the board, risk",
    "support_contact": "models@alatau.demo",
    "role": "owner_or_holder",
    "origin": "in_house",
    "trained_model": True,
    "training_purpose": "To tell borrowers that default from those that do not.",
    "training_data_source": "400 corporate borrowers of 16 banks (package ares-kz), ratios of their statements.",
    "data_library_producer": "Agency for Regulation and Development of the Financial Market",
    "generative": False,
    "trading": False,
    "market_data": False,
    "credit_scoring": False,
    "emotion_or_biometric": False,
    "natural_persons": False,
    "client_facing": False,
    "personal_data": False,
    "restricted_data": True,
    "usage_mode": "closed",
    "hosting": "The bank's own servers, Almaty",
    "critical_infrastructure": False,
    "eu_scope": False,
    "prohibited_use_check": True,
    "next_risk_review_date": "2027-05-01",
}

GRADE: dict[str, str] = {
    "stop": "work_suffers",
    "wrong": "loss_possible",
    "people": "nothing",
    "money": "no_money",
    "decides": "always_a_person",
    "intervene": "before_it_acts",
    "clients": "some",
    "amount": "noticeable",
    "decisions": "up_to_1000",
    "technique": "trained",
    "explanation": "by_a_method",
    "learning": "fixed",
    "eu": "none_of_these",
}

NO_PERSONS = (
    "The borrowers are companies, and the data hold nothing about the people behind them, so there are no groups of "
    "people to compare. Equal treatment by sector and region is looked at by hand each year."
)
"""Why the check of fairness does not apply, as the second line says it."""

LIMITS_OF_DRIFT: dict[str, str] = {
    "feature_score": "0.5",
    "cells": "evidently_equal",
    "reason": "With 100 borrowers in each period chance alone brings the index of a skewed ratio to about 0.5; the usual "
    "0.1 cannot tell drift from two random halves. Both periods are rows, so their cells are taken as Evidently takes them.",
}
LIMITS_OF_MACRO: dict[str, str] = {
    "reason": "The usual limits, for the series as they are: one row a quarter.",
}
LIMITS_OF_TENGE: dict[str, str] = {
    "numeric_method": "wasserstein",
    "feature_score": "0.5",
    "reason": "Half of the spread of the reference: what chance alone gives with some 60 and 120 rows, rounded up.",
}
