"""Rows of JSON become a data period with the types that JSON has, or every broken row and column is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from monitoring.data import json_reading
from monitoring.data.faults import Fault, Unreadable
from monitoring.data.intake import Intake, Limits, canonical


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    return tmp_path / "upload"


def lines(*rows: Any) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def taken(upload: Path, content: bytes, name: str = "rows.ndjson", **limits: Any) -> Intake:
    upload.write_bytes(content)
    return canonical(upload, name=name, limits=Limits(**limits))


def refused(upload: Path, content: bytes, name: str = "rows.ndjson", **limits: Any) -> list[tuple[Any, ...]]:
    with pytest.raises(Unreadable) as refusal:
        taken(upload, content, name, **limits)
    assert list(upload.parent.iterdir()) == [upload], "a refusal leaves no file behind"
    return [(fault.rule, fault.row, fault.column) for fault in refusal.value.faults]


def rows(intake: Intake) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(intake.path).to_pylist()
    return found


def test_types_are_those_of_json(upload: Path) -> None:
    given = [
        {"n": 1, "x": 1, "ok": True, "who": "007", "gone": None},
        {"n": None, "x": 2.5, "ok": False, "who": "Әсет", "gone": None},
    ]

    intake = taken(upload, lines(*given))

    assert [(each.name, each.type, each.nulls) for each in intake.columns] == [
        ("n", "int64", 1),
        ("x", "double", 0),
        ("ok", "bool", 0),
        ("who", "string", 0),
        ("gone", "double", 2),
    ]
    assert rows(intake) == [{**given[0], "x": 1.0}, given[1]]
    assert (intake.rows, intake.source_format) == (2, "json")


def test_an_array_and_lines_of_the_same_rows_are_the_same_bytes(upload: Path) -> None:
    given = [{"income": n, "sex": "fm"[n % 2]} for n in range(20_000)]

    by_lines = taken(upload, lines(*given)).sha256
    by_array = taken(upload, json.dumps(given, indent=2).encode(), "rows.json").sha256
    by_table = taken(
        upload,
        b"income,sex\n" + b"".join(b"%d,%s\n" % (n, b"fm"[n % 2 : n % 2 + 1]) for n in range(20_000)),
        "w.csv",
    )

    assert by_lines == by_array == by_table.sha256


def test_the_time_is_read_where_the_dataset_names_it_and_stays_text_elsewhere(upload: Path) -> None:
    intake = taken(
        upload,
        lines({"day": "2026-10-01", "due": "2026-11-01"}, {"day": "2026-10-31", "due": ""}),
        time="day",
    )
    assert [each.type for each in intake.columns] == ["date32[day]", "string"]
    assert (intake.first, intake.last) == ("2026-10-01", "2026-10-31")

    moments = taken(upload, lines({"day": "2026-10-01"}, {"day": "2026-10-02 10:30"}), time="day")
    assert [each.type for each in moments.columns] == ["timestamp[us]"]


def test_every_broken_value_of_every_row_is_named(upload: Path) -> None:
    given = lines(
        {"day": "2026-10-01", "n": 1, "who": "a"},
        {"day": "soon", "n": "2", "who": 3},
        {"day": None, "n": [1], "who": "b"},
        {"day": "2026-10-02", "n": 4},
        {"day": "2026-10-02", "n": 4, "who": "c", "whom": "d"},
        {"day": "2026-10-02", "n": True, "who": "c\x00"},
        {"day": "2026-10-02", "n": 10**30, "who": "c"},
    )

    assert refused(upload, given, numeric=("n",), time="day") == [
        ("not_time", 2, "day"),
        ("not_numeric", 2, "n"),
        ("mixed_types", 2, "who"),
        ("time_missing", 3, "day"),
        ("nested_column", 3, "n"),
        ("key_missing", 4, "who"),
        ("key_unknown", 5, "whom"),
        ("mixed_types", 6, "n"),
        ("binary_bytes", 6, "who"),
        ("number_too_large", 7, "n"),
    ]


def test_a_broken_line_is_named_and_the_others_are_still_read(upload: Path) -> None:
    content = b'{"n": 1}\n\n{"n": 2\n[3]\n{"n": 1, "n": 2}\n{"n": NaN}\n{"n": "\xff"}\n{"n": 1e999}\n{"n": "\\ud800"}\n'

    assert refused(upload, content) == [
        ("broken_json", 2, None),
        ("not_an_object", 3, None),
        ("duplicate_column", 4, "n"),
        ("broken_json", 5, None),
        ("not_utf8", 6, None),
        ("number_too_large", 7, "n"),
        ("half_a_letter", 8, "n"),
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'[{"n": 1}, {"n": 2}', ("broken_json", 3, None)),
        (b'[{"n": 1} {"n": 2}]', ("broken_json", 2, None)),
        (b'[{"n": 1}, 2]', ("not_an_object", 2, None)),
        (b'[{"n": 1}] more', ("broken_json", 2, None)),
        (b'[{"n": "\xff"}]', ("not_utf8", 1, None)),
        (b"[]", ("no_rows", None, None)),
        (b"[{}]", ("no_rows", None, None)),
        (b"[" + b'{"n":' * 100_000, ("broken_json", 1, None)),
    ],
)
def test_a_broken_array_is_read_up_to_the_first_broken_row(upload: Path, content: bytes, found: Any) -> None:
    assert refused(upload, content, "rows.json") == [found]


def test_columns_that_the_dataset_needs_are_named_when_they_are_missing(upload: Path) -> None:
    assert refused(upload, lines({"n": 1}), required=("n", "income")) == [("missing_column", None, "income")]


def test_a_row_without_an_end_is_not_held_in_memory(upload: Path, monkeypatch) -> None:
    monkeypatch.setattr(json_reading, "LONGEST_ROW", 1 << 20)
    endless = b'{"n": "' + b"x" * (3 << 20)

    assert refused(upload, lines({"n": "1"}) + endless) == [("value_too_long", 2, None)]
    assert refused(upload, b"[" + endless, "rows.json") == [("value_too_long", 1, None)]


def test_a_fault_says_what_stood_there(upload: Path) -> None:
    upload.write_bytes(lines({"n": 1}, {"n": "x" * 100}))

    with pytest.raises(Unreadable) as refusal:
        canonical(upload, name="rows.jsonl", limits=Limits(numeric=("n",)))

    assert refusal.value.faults == (Fault("not_numeric", 2, "n", None, {"value": "x" * 40}),)
