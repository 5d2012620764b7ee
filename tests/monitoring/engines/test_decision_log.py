"""The sums over a decision log, on logs from which known things were taken out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitoring.engines import decision_log
from monitoring.engines.results import digest
from tests.monitoring.engines import decision_logs as logs

APPROVED = [["1.0", "2026-10-01T00:00:00+00:00", "2027-10-01T00:00:00+00:00"]]


def measured(rows, tmp_path, *, approved=APPROVED, suspended=(), zone="Asia/Almaty", of=None, columns=None):
    return decision_log.measure(
        logs.as_parquet(rows, tmp_path / "log.parquet", of),
        time="at",
        identifier="decision_id",
        columns=columns or logs.COLUMNS,
        values=logs.VALUES,
        register={"approved": approved, "suspended": suspended, "zone": zone},
    )


def test_a_whole_log_is_whole_and_tells_how_often_people_overrode_it(tmp_path):
    rows = logs.whole()
    found = measured(rows, tmp_path)
    overridden = sum(row["human_action"] in logs.VALUES["override"] for row in rows)
    assert (found.rows, found.complete.value, found.repeated_ids.value) == (400, 1.0, 0.0)
    assert (found.numbers.value, found.numbers.n) == (0.0, 400)
    assert (found.unapproved.value, found.suspended.value, found.unapproved.n) == (0.0, 0.0, 400)
    assert found.silences[0].hours == 0.25
    assert (found.overridden.value, found.overridden.n) == (overridden / 400, 400)
    assert found.overridden.low < found.overridden.value < found.overridden.high


@pytest.mark.parametrize(
    "field", ["decision_id", "model_version", "input_sha256", "decision", "human_action"]
)
def test_a_field_without_a_value_makes_a_decision_incomplete(tmp_path, field):
    rows = logs.whole()
    for row in rows[:8]:
        row[field] = "" if field != "decision" else None
    found = measured(rows, tmp_path)
    role = {column: role for role, column in logs.COLUMNS.items()}.get(field, "identifier")
    assert (found.missing[role].value, found.complete.value) == (8 / 400, 392 / 400)


def test_an_operator_may_be_missing_only_where_no_person_took_part(tmp_path):
    rows = logs.whole()
    attended = [row for row in rows if row["human_action"] != "none"]
    for row in attended[:4]:
        row["clerk"] = ""
    found = measured(rows, tmp_path)
    assert (found.missing["operator"].value, found.complete.value) == (4 / 400, 396 / 400)


def test_repeated_and_missing_numbers_are_counted(tmp_path):
    rows = logs.whole()
    rows[10]["decision_id"] = rows[11]["decision_id"] = rows[12]["decision_id"]
    del rows[100:103]
    found = measured(rows, tmp_path)
    assert (found.repeated_ids.value, found.repeated_ids.n) == (2 / 397, 397)
    assert (found.numbers.value, found.numbers.n) == (3 / 400, 400)
    assert found.silences[0].hours == 1.0
    assert found.silences[0].until == (logs.FIRST + timedelta(minutes=15 * 103)).isoformat()


def test_a_log_without_running_numbers_says_nothing_of_them(tmp_path):
    columns = {role: name for role, name in logs.COLUMNS.items() if role != "sequence"}
    assert measured(logs.whole(), tmp_path, columns=columns).numbers is None


def test_versions_without_a_permission_at_the_time_are_found(tmp_path):
    rows = logs.whole(300) + logs.whole(100, version="2.0-beta")
    found = measured(rows, tmp_path)
    assert (found.unapproved.value, found.unapproved.n) == (0.25, 400)
    assert [(each.version, each.n, each.unapproved) for each in found.versions] == [
        ("1.0", 300, 0),
        ("2.0-beta", 100, 100),
    ]


@pytest.mark.parametrize(("of", "hours"), [(None, 5), ("UTC", 0)])
def test_a_permission_begins_at_its_moment_by_the_clock_of_the_log(tmp_path, of, hours):
    """Almaty is five hours ahead of UTC; a log that states UTC is read so."""
    starts = (logs.FIRST + timedelta(hours=10) - timedelta(hours=hours)).isoformat() + "+00:00"
    found = measured(logs.whole(), tmp_path, approved=[["1.0", starts, "2027-01-01T00:00:00+00:00"]], of=of)
    assert found.unapproved.value == 40 / 400


def test_decisions_during_a_suspension_are_found_until_it_is_lifted(tmp_path):
    since = (logs.FIRST + timedelta(hours=5)).isoformat() + "+05:00"
    until = (logs.FIRST + timedelta(hours=10)).isoformat() + "+05:00"
    assert measured(logs.whole(), tmp_path, suspended=[["1.0", since, until]]).suspended.value == 20 / 400
    assert measured(logs.whole(), tmp_path, suspended=[["1.0", since, None]]).suspended.value == 380 / 400
    assert measured(logs.whole(), tmp_path, suspended=[["2.0", since, None]]).suspended.value == 0.0


def test_where_the_register_knows_no_permission_nothing_is_said_of_them(tmp_path):
    found = measured(logs.whole(), tmp_path, approved=[])
    assert (found.unapproved.value, found.suspended.value, found.unapproved.n) == (None, None, 400)


def test_names_of_versions_are_no_sql(tmp_path):
    version = "1.0' OR '1'='1"
    found = measured(logs.whole(60, version=version), tmp_path, approved=[[version, *APPROVED[0][1:]]])
    assert (found.unapproved.value, found.versions[0].version) == (0.0, version)


def test_the_same_log_gives_the_same_digest(tmp_path):
    first, second = (digest(measured(logs.whole(), tmp_path).to_dict()) for _time in range(2))
    assert first == second
