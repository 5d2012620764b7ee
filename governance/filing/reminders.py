"""Reads reminders.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "reminders.yaml"


class RemindersBroken(ValueError):
    """A reminder is not a number of whole days from 1 to 90, or one stands there twice."""


@cache
def load(file: Path = FILE) -> tuple[int, ...]:
    """Days after the last day, negative before it, in order. Raises RemindersBroken."""
    raw = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
    days = [*raw["before"], *raw["after"]]
    if not all(type(each) is int and 1 <= each <= 90 for each in days):
        raise RemindersBroken(f"{file.name}: {days}")
    signed = [-each for each in raw["before"]] + list(raw["after"])
    if len(set(signed)) != len(signed):
        raise RemindersBroken(f"{file.name}: {days}")
    return tuple(sorted(signed))
