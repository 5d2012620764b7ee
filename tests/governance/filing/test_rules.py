"""What changed between two returns, and which reminder is due, on paper."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from governance.filing import reminders
from governance.filing.rules import compare, reminder_due

COLUMNS = ("name", "risk_degree")
DUE = date(2026, 10, 31)
DAYS = (-14, -7, -1, 1, 7, 14)


def row(number, name="Scoring", risk="medium", **more):
    return {"number": number, "name": name, "risk_degree": risk, **more}


def test_what_is_new_gone_and_changed_is_told_apart():
    before = [row("M-0001"), row("M-0002"), row("M-0003")]
    now = [row("M-0001"), row("M-0003", risk="high", name="Scoring 2"), row("M-0004")]
    changes = compare(before, now, COLUMNS)
    assert [each["number"] for each in changes.new] == ["M-0004"]
    assert [each["number"] for each in changes.gone] == ["M-0002"]
    assert [(each.row["number"], each.columns) for each in changes.changed] == [
        ("M-0003", [("name", "Scoring", "Scoring 2"), ("risk_degree", "medium", "high")])
    ]


def test_counts_that_move_by_themselves_are_no_change():
    same = compare([row("M-0001", requirements=1)], [row("M-0001", requirements=9)], COLUMNS)
    assert not same and not compare([], [], COLUMNS)


@pytest.mark.parametrize(
    ("days_after", "due"),
    [
        (-15, None),
        (-14, -14),
        (-8, -14),
        (-7, -7),
        (-1, -1),
        (0, -1),
        (1, 1),
        (6, 1),
        (7, 7),
        (14, 14),
        (99, 14),
    ],
)
def test_the_latest_reminder_that_has_come_is_due(days_after, due):
    assert reminder_due(DUE, DUE + timedelta(days=days_after), DAYS) == due


def test_the_days_are_data():
    assert reminders.load() == DAYS


@pytest.mark.parametrize(
    "text", ["before: [0]\nafter: [1]", "before: [7, 7]\nafter: []", "before: ['x']\nafter: []"]
)
def test_days_that_make_no_sense_are_refused(tmp_path, text):
    file = tmp_path / "reminders.yaml"
    file.write_text(text)
    with pytest.raises(reminders.RemindersBroken):
        reminders.load(file)
