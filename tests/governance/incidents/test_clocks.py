"""By when somebody has to be told, on whose word: counted on paper first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml

from governance.incidents import clocks, rules
from governance.incidents.clocks import ClocksBroken
from governance.incidents.rules import Clock, When

ALMATY = ZoneInfo("Asia/Almaty")
TODAY = date(2026, 11, 22)
A_BANK = {"personal_data": True, "eu_high_risk": False, "provider": False, "client_facing": True}


def clock(amount: int, unit: str) -> Clock:
    return Clock("it", "law", "kz-pd-art25-breach-1-day", amount, unit, When())


def started(kind: str, severity: str, on: date = TODAY, **flags: bool | None) -> list[str]:
    known = clocks.load().notices
    found = rules.started(known, kind=kind, severity=severity, flags={**A_BANK, **flags}, on=on)
    return [each.key for each in found]


@pytest.mark.parametrize(
    ("noticed", "due"),
    [
        ("2026-11-18T15:00", "2026-11-19T15:00"),  # Wednesday → Thursday
        ("2026-11-20T15:00", "2026-11-23T15:00"),  # Friday → Monday
        ("2026-11-21T09:30", "2026-11-23T09:30"),  # Saturday → Monday
        ("2026-11-22T23:59", "2026-11-23T23:59"),  # Sunday → Monday
    ],
)
def test_one_working_day_leaves_out_saturday_and_sunday(noticed, due):
    since = datetime.fromisoformat(noticed).replace(tzinfo=ALMATY)
    assert rules.due(clock(1, "working_days"), since) == datetime.fromisoformat(due).replace(tzinfo=ALMATY)


def test_three_working_days_from_a_thursday_end_on_tuesday():
    thursday = datetime(2026, 11, 19, 10, tzinfo=ALMATY)
    assert rules.due(clock(3, "working_days"), thursday) == datetime(2026, 11, 24, 10, tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("noticed", "due"),
    [
        ("2026-03-20T10:00", "2026-03-26T10:00"),  # Nauryz: 21 to 23 March and two days off that follow
        ("2026-12-15T10:00", "2026-12-17T10:00"),  # Independence Day
        ("2026-10-23T10:00", "2026-10-27T10:00"),  # Republic Day on a Sunday moves to Monday
        ("2026-12-31T10:00", "2027-01-05T10:00"),  # New Year, and a Monday off for the Saturday
    ],
)
def test_public_holidays_of_kazakhstan_are_left_out(noticed, due):
    since = datetime.fromisoformat(noticed).replace(tzinfo=ALMATY)
    assert rules.due(clock(1, "working_days"), since) == datetime.fromisoformat(due).replace(tzinfo=ALMATY)


def test_a_holiday_whose_day_is_only_estimated_counts_as_a_working_day():
    """Kurban Ait of 2026: the deadline ends early rather than late."""
    before = datetime(2026, 5, 26, 10, tzinfo=ALMATY)
    assert rules.due(clock(1, "working_days"), before) == datetime(2026, 5, 27, 10, tzinfo=ALMATY)


def test_days_of_the_market_are_counted_not_those_of_greenwich():
    """Sunday 20:00 in Greenwich is Monday 01:00 in Almaty, so one working day later is Tuesday there."""
    moment = datetime.fromisoformat("2026-11-22T20:00+00:00")
    assert clocks.due(clock(1, "working_days"), moment) == datetime(2026, 11, 24, 1, tzinfo=ALMATY)


def test_hours_and_days_run_through_the_weekend():
    friday = datetime(2026, 11, 20, 10, tzinfo=ALMATY)
    assert rules.due(clock(24, "hours"), friday) == friday + timedelta(days=1)
    assert rules.due(clock(15, "days"), friday) == friday + timedelta(days=15)


def test_a_breach_of_personal_data_starts_the_clock_of_the_law_and_that_of_the_house():
    assert started("data", "high") == ["kz_personal_data_breach", "supervisor_of_the_market"]
    assert started("data", "high", personal_data=False) == ["supervisor_of_the_market"]


def test_what_nobody_has_answered_starts_the_clock():
    assert started("data", "low", personal_data=None) == ["kz_personal_data_breach"]


def test_a_small_matter_starts_none():
    assert started("performance", "low") == []


def test_harm_to_clients_is_told_to_them():
    assert started("harm", "critical") == ["supervisor_of_the_market", "clients_concerned"]


def test_the_european_clock_starts_when_its_article_applies_and_not_earlier():
    inside = {"eu_high_risk": True, "provider": True}
    assert "eu_serious_incident" not in started("harm", "critical", **inside)
    assert "eu_serious_incident" in started("harm", "critical", on=date(2027, 12, 2), **inside)


def test_an_objection_has_three_working_days_where_personal_data_are_processed():
    known = clocks.load()
    assert known.for_objection({"personal_data": True}, TODAY).key == "kz_objection"
    house = known.for_objection({"personal_data": False}, TODAY)
    assert (house.key, house.basis) == ("house_objection", "house_rule")


def test_every_clock_says_its_source_or_who_set_it():
    for key, terms in clocks.load().terms.items():
        assert terms["ref"] and terms["source"] and terms["confidence"], key
        assert (terms["basis"] == "house_rule") == bool(terms["set_by"]), key


@pytest.mark.parametrize(
    "change",
    [
        {"requirement": "kz-art-invented"},
        {"basis": "house_rule"},
        {"within": {"fortnights": 1}},
        {"addressee": "nobody"},
        {"when": {"kinds": ["weather"]}},
        {"when": {"severities": ["endless"]}},
        {"when": {"flags": ["rich"]}},
        {"note": {"en": "only"}},
    ],
)
def test_a_clock_that_names_what_does_not_exist_is_refused(tmp_path, change):
    raw = yaml.safe_load(clocks.FILE.read_text())
    raw["notices"][0] |= change
    file = tmp_path / "clocks.yaml"
    file.write_text(yaml.safe_dump(raw))
    with pytest.raises(ClocksBroken):
        clocks.load(file)


@pytest.mark.parametrize(("hours", "near"), [(47, False), (48, True), (80, True)])
def test_a_reminder_comes_a_day_before(hours, near):
    since = datetime(2026, 11, 16, 10, tzinfo=ALMATY)
    assert rules.is_near(since + timedelta(days=3), since, since + timedelta(hours=hours)) is near


def test_of_a_short_time_the_reminder_comes_at_half():
    since = datetime(2026, 11, 16, 10, tzinfo=ALMATY)
    due = since + timedelta(hours=24)
    assert not rules.is_near(due, since, since + timedelta(hours=11))
    assert rules.is_near(due, since, since + timedelta(hours=12))
