"""Answers of the profile that cannot stand beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem

PERIODS = (("training_from", "training_to"), ("in_service_on", "retires_on"))


def contradictions(answers: Mapping[str, Any]) -> list[Problem]:
    """Source of the first: SR 11-7 section V and OSFI E-23 C.4, a validator is independent of the development."""
    found = []
    if answers["validator"] and _same(answers["validator"], answers["developer"]):
        found.append(Problem("validator", _("The validator cannot be the developer.")))
    for starts, ends in PERIODS:
        if answers[starts] and answers[ends] and answers[ends] < answers[starts]:
            found.append(Problem(ends, _("This day is before the first one.")))
    return found


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()
