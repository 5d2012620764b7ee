"""A CSV file becomes a data period, or is refused with the row, the column and the byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from monitoring.data.faults import VALUE_LIMIT, Fault, Unreadable
from monitoring.data.intake import Intake, Limits, canonical


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    return tmp_path / "upload"


def taken(upload: Path, content: bytes, name: str = "window.csv", **limits: Any) -> Intake:
    upload.write_bytes(content)
    return canonical(upload, name=name, limits=Limits(**limits))


def refused(upload: Path, content: bytes, name: str = "window.csv", **limits: Any) -> list[Fault]:
    with pytest.raises(Unreadable) as refusal:
        taken(upload, content, name, **limits)
    assert list(upload.parent.iterdir()) == [upload], "a refusal leaves no file behind"
    return list(refusal.value.faults)


def rows(intake: Intake) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(intake.path).to_pylist()
    return found


def test_columns_get_the_narrowest_type_that_fits_every_row(upload: Path) -> None:
    intake = taken(upload, b"n,x,ok,day,at,who\n1,1.5,true,2026-01-31,2026-01-31 10:00:00,a\n2,NA,False,,,\n")

    assert [(column.name, column.type, column.nulls, column.distinct) for column in intake.columns] == [
        ("n", "int64", 0, 2),
        ("x", "double", 1, 1),
        ("ok", "bool", 0, 2),
        ("day", "date32[day]", 1, 1),
        ("at", "timestamp[us]", 1, 1),
        ("who", "string", 1, 1),
    ]
    assert intake.rows == 2
    assert (intake.source_format, intake.dialect) == ("csv", {"delimiter": ",", "decimal": "."})


def test_a_type_is_judged_by_the_last_row_too(upload: Path) -> None:
    intake = taken(upload, b"a,b,c\n" + b"1,1,1\n" * 700_000 + b"1.5,x,\n")

    assert [column.type for column in intake.columns] == ["double", "string", "int64"]
    assert intake.rows == 700_001


def test_an_excel_file_with_semicolons_decimal_commas_and_a_byte_order_mark(upload: Path) -> None:
    intake = taken(upload, "\ufeffкіріс;аты\r\n1,5;Әсет\r\n2;Dana\r\n".encode())

    assert rows(intake) == [{"кіріс": 1.5, "аты": "Әсет"}, {"кіріс": 2.0, "аты": "Dana"}]
    assert intake.dialect == {"delimiter": ";", "decimal": ","}


def test_quoted_fields_may_hold_delimiters_and_line_ends(upload: Path) -> None:
    assert rows(taken(upload, b'a,b\n"x, y","line\nend"\n5" pipe,z\n')) == [
        {"a": "x, y", "b": "line\nend"},
        {"a": '5" pipe', "b": "z"},
    ]


def test_identifiers_keep_their_leading_zeros(upload: Path) -> None:
    assert rows(taken(upload, b"id,v\n007,1\n12,2\n"))[0] == {"id": "007", "v": 1}
    assert rows(taken(upload, b"id,v\n007,1\n12,2\n", numeric=("id",)))[0] == {"id": 7, "v": 1}


def test_words_for_missing_are_missing_only_among_numbers(upload: Path) -> None:
    assert rows(taken(upload, b"x,country\nNA,NA\n2,KZ\n")) == [
        {"x": None, "country": "NA"},
        {"x": 2, "country": "KZ"},
    ]


def test_every_row_with_a_wrong_number_of_fields_is_named(upload: Path) -> None:
    assert refused(upload, b"a,b\n1,2\n3,4,5\n6,7\n8\n") == [
        Fault("wrong_field_count", 3, None, None, {"found": 3, "expected": 2}),
        Fault("wrong_field_count", 5, None, None, {"found": 1, "expected": 2}),
    ]


def test_a_thousand_broken_rows_are_named_and_the_others_counted(upload: Path) -> None:
    upload.write_bytes(b"a,b\n" + b"1\n" * 2500)

    with pytest.raises(Unreadable) as refusal:
        canonical(upload, name="window.csv", limits=Limits())

    assert [fault.row for fault in refusal.value.faults] == list(range(2, 1002))
    assert (refusal.value.counts, refusal.value.is_whole) == ({"wrong_field_count": 2500}, True)


def test_rows_that_are_too_short_and_values_of_every_declared_column_are_named_together(upload: Path) -> None:
    content = b"day,n,m\n2026-10-01,1,x\n2026-10-02,2\nsoon,y,3\n"

    found = refused(upload, content, numeric=("n", "m"), time="day")

    assert [(fault.rule, fault.row, fault.column) for fault in found] == [
        ("not_numeric", 2, "m"),
        ("wrong_field_count", 3, None),
        ("not_time", 4, "day"),
        ("not_numeric", 4, "n"),
    ]


def test_a_file_that_is_broken_without_end_is_not_looked_at_for_ever(upload: Path, monkeypatch) -> None:
    monkeypatch.setattr("monitoring.data.csv_diagnosis.PATIENCE", -1.0)
    upload.write_bytes(b"a,b\n" + b"1\n" * 2500)

    with pytest.raises(Unreadable) as refusal:
        canonical(upload, name="window.csv", limits=Limits())

    assert (refusal.value.counts, refusal.value.is_whole) == ({"wrong_field_count": 1}, False)


def test_a_byte_that_is_no_utf8_is_named(upload: Path) -> None:
    assert refused(upload, b"a,b\n1,2\n1,\xff\n") == [Fault("not_utf8", 3, None, 10, {"byte": "0xff"})]


def test_a_broken_letter_across_a_chunk_border_is_named(upload: Path) -> None:
    content = b"a\n" + b"x" * ((1 << 20) - 3) + "ә".encode()[:1] + b"\n"

    assert refused(upload, content) == [Fault("not_utf8", 2, None, (1 << 20) - 1, {"byte": "0xd3"})]


def test_a_value_that_is_no_number_is_named_and_shortened(upload: Path) -> None:
    content = b"income,b\n1,2\n-,2\nabout " + b"9" * 60 + b",2\n"

    assert refused(upload, content, numeric=("income",)) == [
        Fault("not_numeric", 4, "income", None, {"value": "about " + "9" * 34})
    ]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty_file"),
        (b"a,b\n", "no_rows"),
        (b"a,b", "no_rows"),
        (b"1,2\n3,4\n", "no_header"),
        (b"a,b,a\n1,2,3\n", "duplicate_column"),
        (b"a, a\n1,2\n", "duplicate_column"),
        (b"a,,c\n1,2,3\n", "unnamed_column"),
        (b"a," + b"b" * 201 + b"\n1,2\n", "bad_column_name"),
        (b"a,b\n1,\x00\n", "binary_bytes"),
        (b'a,b\n1,"2\n3,4\n', "unclosed_quote"),
        (b"\x80\x04\x95junk", "pickle"),
        (b"PK\x03\x04junk", "spreadsheet"),
        (b"\x1f\x8bjunk", "compressed"),
        (b"\xff\xfea\x00", "not_utf8"),
    ],
)
def test_what_is_no_table_is_refused_by_rule(upload: Path, content: bytes, rule: str) -> None:
    assert [fault.rule for fault in refused(upload, content)] == [rule]


@pytest.mark.parametrize(
    ("limits", "fault"),
    [
        ({"required": ("c",)}, Fault("missing_column", None, "c", None, {"found": ["a", "b"]})),
        ({"numeric": ("c",)}, Fault("missing_column", None, "c", None, {"found": ["a", "b"]})),
        ({"max_rows": 1}, Fault("too_many_rows", params={"limit": 1})),
        ({"max_columns": 1}, Fault("too_many_columns", params={"found": 2, "limit": 1})),
        ({"max_bytes": 5}, Fault("too_many_bytes", params={"found": 12, "limit": 5})),
    ],
)
def test_a_file_outside_the_limits_is_refused(upload: Path, limits: dict[str, Any], fault: Fault) -> None:
    assert refused(upload, b"a,b\n1,2\n3,4\n", **limits) == [fault]


def test_as_many_columns_as_are_allowed_are_taken_in(upload: Path) -> None:
    """Their different values are counted within the memory that reading may take."""
    names = ",".join(f"c{at}" for at in range(500))
    content = "\n".join([names, *(",".join([str(n)] * 500) for n in range(1_000))])

    intake = taken(upload, content.encode())

    assert {column.distinct for column in intake.columns} == {1_000}


def test_a_value_without_an_end_is_named_wherever_it_stands(upload: Path) -> None:
    endless = b"x" * (VALUE_LIMIT + 1)
    fault = [Fault("value_too_long", 2, params={"limit": VALUE_LIMIT})]

    assert refused(upload, b"a,b\n1," + endless + b"\n") == fault
    assert refused(upload, b"a,b\n1," + endless + b"\n3,4\n") == fault
    assert refused(upload, b"a," + endless + b"\n1,2\n")[0].row == 1


def test_hostile_names_and_values_are_only_text(upload: Path) -> None:
    intake = taken(upload, b'"x</script><script>alert(1)",=cmd|\'/c calc\'!A1\n"<svg onload=1>",+1+1\n')

    assert rows(intake) == [{"x</script><script>alert(1)": "<svg onload=1>", "=cmd|'/c calc'!A1": "+1+1"}]
