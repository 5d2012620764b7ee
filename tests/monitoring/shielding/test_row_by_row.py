"""Raw identifiers and wrong types are named row by row in every format, up to the bound of a report; what looks personal too."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.data.faults import MOST_NAMED, Unreadable
from monitoring.data.intake import Limits, canonical
from monitoring.shielding.looks import looks
from monitoring.shielding.sieve import Rule, Sample
from tests.monitoring.shielding.rows import hashed

HASHED = Rule(identifier="case")
FORMATS = ("csv", "parquet", "ndjson")


def written(rows: dict[str, Sequence[Any]], kind: str) -> bytes:
    if kind == "parquet":
        file = io.BytesIO()
        pq.write_table(pa.table(rows), file)
        return file.getvalue()
    each = list(zip(*rows.values(), strict=True))
    if kind == "csv":
        lines = [",".join(rows), *(",".join("" if v is None else str(v) for v in row) for row in each)]
        return ("\n".join(lines) + "\n").encode()
    return "\n".join(json.dumps(dict(zip(rows, row, strict=True))) for row in each).encode()


def refused(folder: Path, rows: dict[str, Sequence[Any]], kind: str, **limits: Any) -> Unreadable:
    """And nothing is left behind."""
    upload = folder / f"rows.{kind}"
    upload.write_bytes(written(rows, kind))
    with pytest.raises(Unreadable) as refusal:
        canonical(upload, name=upload.name, limits=Limits(**limits))
    assert list(folder.iterdir()) == [upload]
    return refusal.value


@pytest.mark.parametrize("kind", FORMATS)
def test_every_raw_identifier_is_named_by_its_row_and_not_repeated(tmp_path, kind):
    cases = [hashed(n) if n % 3 else f"case-{n}" for n in range(12)]
    told = refused(tmp_path, {"case": cases, "income": range(12)}, kind, rule=HASHED)
    first = 2 if kind == "csv" else 1
    assert [(each.rule, each.row, each.column) for each in told.faults] == [
        ("identifier_not_hashed", n + first, "case") for n in (0, 3, 6, 9)
    ]
    assert "case-" not in str(told.faults)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_report_names_a_thousand_and_counts_all(tmp_path, kind):
    raw = {"case": [7 * n for n in range(2_500)], "income": range(2_500)}
    told = refused(tmp_path, raw, kind, rule=HASHED)
    assert (len(told.faults), told.counts) == (MOST_NAMED, {"identifier_not_hashed": 2_500})
    wrong = {"case": [hashed(n) for n in range(2_500)], "income": ["much"] * 2_500}
    told = refused(tmp_path, wrong, kind, rule=HASHED, numeric=("income",))
    assert (len(told.faults), told.counts) == (MOST_NAMED, {"not_numeric": 2_500})


@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_raw_identifiers_are_named_beside_values_of_a_wrong_type(tmp_path, kind):
    rows = {"case": [hashed(1), "raw", hashed(3)], "income": ["1", "2", "much"]}
    if kind == "ndjson":
        rows["income"] = [1, 2, "much"]
    told = refused(tmp_path, rows, kind, rule=HASHED, numeric=("income",))
    first = 2 if kind == "csv" else 1
    assert [(each.rule, each.row) for each in told.faults] == [
        ("identifier_not_hashed", first + 1),
        ("not_numeric", first + 2),
    ]


def test_in_parquet_a_wrong_column_is_named_row_by_row_and_without_its_gaps(tmp_path):
    rows = {"income": ["much", None, "little"], "age": [1, 2, 3], "on": ["May", "June", None]}
    told = refused(tmp_path, rows, "parquet", numeric=("income", "age"), time="on")
    assert [(each.rule, each.row, each.column, each.params.get("value")) for each in told.faults] == [
        ("not_numeric", 1, "income", "much"),
        ("not_numeric", 3, "income", "little"),
        ("time_missing", 3, "on", None),
        ("not_time", 1, "on", "May"),
        ("not_time", 2, "on", "June"),
    ]


def test_in_parquet_every_column_that_no_check_reads_is_named(tmp_path):
    told = refused(tmp_path, {"a": [[1]], "b": [1], "c": [b"x"]}, "parquet")
    assert [(each.rule, each.column) for each in told.faults] == [
        ("nested_column", "a"),
        ("unsupported_type", "c"),
    ]


@pytest.mark.parametrize("kind", FORMATS)
def test_one_in_fifty_of_many_rows_is_found_in_every_format(tmp_path, kind):
    rows = 40_000 if kind == "parquet" else 3_000
    remarks = [f"call a{n}@mail.kz" if n % 50 == 0 else f"remark {n}" for n in range(rows)]
    told = refused(tmp_path, {"income": range(rows), "remark": remarks}, kind)
    [fault] = told.faults
    assert (fault.rule, fault.row, fault.column) == ("looks_like_email", None, "remark")
    assert 0.01 < fault.params["found"] / fault.params["looked"] < 0.03
    assert fault.params["looked"] <= 20_000 and fault.params["example"].startswith("a")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_column_of_persons_holds_no_names_whatever_it_is_called(tmp_path, kind):
    rows = {"w": ["Aigul", "Dana"] * 10, "n": range(20)}
    told = refused(tmp_path, rows, kind, rule=Rule(people=("w",)))
    assert [(each.rule, each.column) for each in told.faults] == [("headed_like_name", "w")]


def test_the_sample_is_the_same_however_the_file_was_cut_and_stays_small():
    values = list(range(90_000))
    drawn = []
    for size in (90_000, 977):
        sample = Sample({"a": []})
        for at in range(0, len(values), size):
            sample.add(pa.record_batch({"a": values[at : at + size]}))
        drawn.append(sample.columns["a"])
    assert drawn[0] == drawn[1] and 10_000 <= len(drawn[0]) <= 20_000
    assert abs(sum(drawn[0]) / len(drawn[0]) - 45_000) < 1_000, "from all parts of the file"


def test_of_a_long_text_the_beginning_is_held():
    sample = Sample({"a": []})
    sample.add(pa.record_batch({"a": ["x" * 900_000]}))
    assert [len(each) for each in sample.columns["a"]] == [1_000]
    assert looks("a", ["y" * 1_000 + " a@mail.kz"]) is None
