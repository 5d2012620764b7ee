"""What a broker says of a chatbot that it buys: a minimal-risk tool of a vendor, in as few answers as it takes."""

from __future__ import annotations

from typing import Any

YES, NO = "yes", "no"

ANSWERS: dict[str, dict[str, Any]] = {
    "what": {
        "name": "Client chatbot",
        "summary": "Answers clients' questions about tariffs and documents on the website; sees no accounts.",
        "purpose": "Relieves the call centre; people answer whatever it cannot.",
    },
    "people": {
        "senior_manager": "Director of client service",
        "support_contact": "help@tulpar.demo",
    },
    "origin": {
        "role": "owner_or_holder",
        "origin": "vendor",
        "vendor": "Sapa Dialog LLP",
        "trained_model": NO,
    },
    "does": {"generative": YES, "deepfake": NO},
    "touches": {"client_facing": YES},
    "runs": {"usage_mode": "closed", "critical_infrastructure": NO, "prohibited_use_check": YES},
}

GRADE: dict[str, str] = {
    "stop": "hardly_noticed",
    "wrong": "corrected_easily",
    "people": "nothing",
    "money": "no_money",
    "decides": "always_a_person",
    "intervene": "before_it_acts",
    "eu": "talks_or_generates",
}
"""Option of each question of the grading questionnaire that its answers ask."""
