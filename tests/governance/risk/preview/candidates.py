"""Candidate questionnaires: the one of today, changed in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from governance.risk.questionnaire import CURRENT, FOLDER

Raw = dict[str, Any]


def candidate_file(change: Callable[[Raw], object] = lambda raw: None, **head: Any) -> bytes:
    raw = yaml.load((FOLDER / f"{CURRENT}.yaml").read_bytes(), Loader=yaml.CSafeLoader) | {
        "edition": "kz-2099",
        **head,
    }
    change(raw)
    return yaml.safe_dump(raw, allow_unicode=True, sort_keys=False).encode()


def question(raw: Raw, key: str) -> Raw:
    found: Raw = next(each for each in raw["questions"] if each["id"] == key)
    return found


def mild_is_grave(raw: Raw) -> None:
    """The mildest answer to the first question now pulls the degree of risk to high."""
    question(raw, "stop")["options"][0]["risk"] = "high"


def asks_more(raw: Raw) -> None:
    """A question that nobody was ever asked."""
    raw["questions"].append({**question(raw, "stop"), "id": "reach"})


def acts_alone(raw: Raw) -> None:
    """Every answer that pulls on autonomy at all pulls it to high."""
    for each in raw["questions"]:
        for option in each.get("options", ()):
            if "autonomy" in option:
                option["autonomy"] = "high"


def other_class(raw: Raw) -> None:
    """The first answer about EU law is a use of Annex III."""
    question(raw, "eu")["options"][0]["eu"] = "high"
