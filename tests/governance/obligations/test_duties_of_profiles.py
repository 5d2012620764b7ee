"""The same hand-derived profiles, through the database: a registered model owes exactly what a person derived."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from governance.people.acting import acting
from governance.people.models import Organisation
from tests.factories import REGISTER
from tests.governance.obligations.things import a_model, caught_up, graded

pytestmark = pytest.mark.django_db

HERE = Path(__file__).parent
ANSWERED_NO = dict.fromkeys(
    ("trained_model", "generative", "deepfake", "trading", "market_making", "market_data", "credit_scoring",
     "decisions_about_persons", "natural_persons", "client_facing", "staff", "personal_data", "restricted_data",
     "emotion_or_biometric", "solely_automated", "critical_infrastructure", "eu_scope"), False,
)  # fmt: skip
ORIGINS = {
    "client_chatbot_vendor": "vendor",
    "internal_document_search": "vendor",
    "index_direction_trading": "in_house",
    "bank_credit_scoring": "in_house",
    "staff_as_mere_user": "vendor",
    "internal_generative_tool": "fine_tuned",
}
MODES = {"usage_closed": "closed", "usage_open": "open"}


def _profiles() -> list[dict[str, Any]]:
    files = ("expected_duties.yaml", "derived_duties.yaml")
    read = [yaml.load((HERE / name).read_bytes(), Loader=yaml.CSafeLoader) for name in files]
    return [profile for each in read for profile in each["profiles"]]


def _registration(profile: dict[str, Any]) -> dict[str, Any]:
    """The answers of the form that give exactly these flags."""
    flags = set(profile["flags"])
    return {
        **ANSWERED_NO,
        **{name: True for name in ANSWERED_NO if name in flags},
        "role": "owner_or_holder" if "owner_or_holder" in flags else "user",
        "origin": ORIGINS[profile["id"]],
        "usage_mode": next((mode for flag, mode in MODES.items() if flag in flags), "local"),
    }


@pytest.mark.parametrize("profile", _profiles(), ids=lambda profile: profile["id"])
def test_exactly_these_requirements_bind_with_exactly_these_groups(profile, bank, owner):
    flags = set(profile["flags"])
    with acting(REGISTER, "organisation.corrected"):
        Organisation.objects.filter(pk=bank.pk).update(is_licensed="licensed_participant" in flags)
    model = a_model(owner, **_registration(profile))
    if "owner_or_holder" in flags:
        risk = next(each.removeprefix("risk_") for each in flags if each.startswith("risk_"))
        graded(owner, model, risk, "medium" if "autonomy_medium" in flags else "low")
    duties = caught_up(bank, owner, model)

    law = {key: duty for key, duty in duties.items() if key.startswith("kz-")}
    binding = {
        key: [group["number"] for group in duty.groups]
        for key, duty in law.items()
        if duty.obligation.norm in ("duty", "prohibition", "right") and duty.status != "not_applicable"
    }
    assert len(law) == 71
    assert binding.keys() - profile["binds"].keys() <= {k for k in binding if law[k].status == "open"}
    assert {key: binding[key] for key in profile["binds"]} == profile["binds"]
