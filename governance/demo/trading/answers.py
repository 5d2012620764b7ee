"""What the broker says of its trading model, and how it was graded."""

from __future__ import annotations

from typing import Any

YES, NO = "yes", "no"

TRADING: dict[str, dict[str, Any]] = {
    "what": {
        "name": "Direction of the index",
        "summary": "Says after each close how likely the S&P 500 is to close higher on the next day.",
        "purpose": "Sets the side and the size of one order a day in the firm's own index portfolio.",
        "business_process": "Proprietary trading, index futures",
        "technique": "Logistic regression on eleven features of price and volume",
        "limitations": "The edge is small: 54.5 % of days right where a coin has 50 %. Learnt from 1999 to 2006.",
        "prohibited_uses": "Advice to clients; single shares; intraday orders.",
    },
    "people": {
        "senior_manager": "Head of trading",
        "support_contact": "models@tulpar.demo",
        "overseer": "Trader on duty",
        "kill_switch_owner": "Risk manager on duty",
    },
    "origin": {"role": "owner_or_holder", "origin": "in_house", "trained_model": YES},
    "training": {
        "training_purpose": "To forecast the direction of the index.",
        "training_data_source": "S&P 500, daily, 1999 to 2006 (package arch, from Yahoo Finance).",
        "data_library_producer": "Yahoo Finance",
    },
    "does": {
        "generative": NO,
        "trading": YES,
        "market_making": NO,
        "market_data": YES,
        "credit_scoring": NO,
        "emotion_or_biometric": NO,
    },
    "touches": {
        "natural_persons": NO,
        "client_facing": NO,
        "personal_data": NO,
        "restricted_data": NO,
    },
    "runs": {
        "usage_mode": "local",
        "hosting": "The broker's own servers, Almaty",
        "critical_infrastructure": NO,
        "eu_scope": NO,
        "prohibited_use_check": YES,
        "next_risk_review_date": "2027-05-01",
    },
}

GRADE: dict[str, str] = {
    "stop": "work_suffers",
    "wrong": "loss_grave",
    "people": "nothing",
    "money": "within_limits",
    "orders": "own_only",
    "decides": "the_system",
    "intervene": "after_it_acts",
    "clients": "few",
    "amount": "noticeable",
    "decisions": "up_to_1000",
    "technique": "trained",
    "explanation": "by_itself",
    "learning": "fixed",
    "eu": "none_of_these",
}
"""High risk, for a wrong day may cost more than can be made good; medium autonomy, for a person can cancel afterwards."""

LIMITS_OF_DRIFT: dict[str, str] = {
    "numeric_method": "wasserstein",
    "limits_from": "own_periods",
    "reason": "Markets move in ordinary times as well: each feature is judged by the farthest of the 32 quarters of "
    "1999 to 2006 and half as much again. Wasserstein, because 60 days are too few for the bins of the stability index.",
}
LIMITS_OF_PERFORMANCE: dict[str, str] = {
    "accuracy_fall": "0.12",
    "auc_fall": "0.14",
    "accuracy_fall_amber": "",
    "auc_fall_amber": "",
    "reason": "A quarter has about 63 days. Of a model that has not changed, one quarter's accuracy lies within 0.12 "
    "and its area under the curve within 0.14 in 95 of 100 cases, so a smaller limit, red or amber, would report chance.",
}
"""Set by the second line before the first quarter arrived."""
