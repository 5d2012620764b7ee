"""What changed between two computations, and why."""

from __future__ import annotations

from governance.obligations.past.rules import changes


def row(status="missing", concluded="", evidence=(), digest=""):
    return {
        "status": status,
        "concluded": concluded,
        "evidence_ids": list(evidence),
        "evidence_digest": digest,
    }


def told(former, rows, *, first=False, lapsed=False):
    found = changes(former, rows, first=first, lapsed=lapsed)
    return [(each.obligation, each.was, each.because, each.now and each.now["status"]) for each in found]


def test_what_is_equal_is_no_change():
    assert told({"a": row()}, {"a": row()}) == []


def test_what_was_never_computed_before_is_the_first():
    assert told({}, {"a": row()}, first=True) == [("a", "", "first", "missing")]


def test_a_requirement_that_came_on_later_came():
    assert told({}, {"a": row()}) == [("a", "", "came", "missing")]


def test_a_requirement_that_is_no_longer_on_went():
    assert told({"a": row("on_file")}, {}) == [("a", "on_file", "went", None)]


def test_other_evidence_is_named_as_the_cause_before_anything_else():
    before, after = row(), row("on_file", concluded="outdated", evidence=["1"])
    assert told({"a": before}, {"a": after}, lapsed=True) == [("a", "missing", "evidence", "on_file")]


def test_a_conclusion_alone_is_the_cause_of_its_change():
    before, after = row("on_file", evidence=["1"]), row("on_file", "met", evidence=["1"])
    assert told({"a": before}, {"a": after}) == [("a", "on_file", "conclusion", "on_file")]


def test_a_gap_that_is_accepted_changed_by_that():
    assert told({"a": row()}, {"a": row("accepted_gap")}) == [("a", "missing", "excuse", "accepted_gap")]


def test_a_lapse_is_caused_by_time_and_all_else_by_the_record():
    before, after = row("on_file", evidence=["1"]), row("overdue", evidence=["1"])
    assert told({"a": before}, {"a": after}, lapsed=True) == [("a", "on_file", "time", "overdue")]
    assert told({"a": before}, {"a": after}) == [("a", "on_file", "record", "overdue")]
