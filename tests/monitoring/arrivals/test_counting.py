"""What a file shares with itself and with others, counted by hand and by the engine; in one slice or in many."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.engines.arrivals import Period, counted


def a_file(folder: Path, name: str, **columns) -> Path:
    path = folder / f"{name}.parquet"
    pq.write_table(pa.table(columns), path)
    return path


@pytest.fixture
def may(tmp_path) -> Path:
    """Six rows: the first two are the same in every column, and number 3 is given twice."""
    return a_file(
        tmp_path,
        "may",
        id=[1, 1, 2, 3, 3, None],
        day=[date(2026, 5, day) for day in (1, 1, 2, 30, 31, 31)],
        amount=[10, 10, 20, 30, 31, 40],
        **{"who's {n}": ["a", "a", "b", None, None, ""]},
    )


@pytest.mark.parametrize("slice_of", [4_000_000, 2, 1])
def test_repeated_rows_and_numbers_are_counted_over_all_rows(may, slice_of):
    found = counted(Period(may, identifier="id", time="day"), None, {}, slice_of)
    assert (found["rows"], found["repeated_rows"], found["repeated_ids"], found["ids"]) == (6, 1, 2, 5)
    assert found["distinct"] == {"whole": 5 / 6, "content": 5 / 6}
    assert (found["repeated_reference"], found["outside"], found["copies"]) == (None, None, {})


@pytest.mark.parametrize("slice_of", [4_000_000, 2])
def test_rows_that_another_period_has_are_known_with_and_without_number_and_date(tmp_path, may, slice_of):
    """June holds two rows of May as they are, and two more under other numbers and dates; 31.0 is the same as 31."""
    june = a_file(
        tmp_path,
        "june",
        id=[2, 3, 71, 72, 73],
        day=[date(2026, 5, 2), date(2026, 5, 31), *[date(2026, 6, day) for day in (1, 2, 3)]],
        amount=[20.0, 31.0, 10.0, 30.0, 99.0],
        **{"who's {n}": ["b", None, "a", None, "z"]},
    )
    found = counted(Period(june, "id", "day"), may, {"may": may}, slice_of)
    assert found["copies"] == {"may": {"whole": 2 / 5, "content": 4 / 5}}
    assert found["repeated_reference"] == 1 / 6


def test_rows_outside_of_the_period_that_was_said_are_counted(may):
    said = Period(may, "id", "day", "2026-05-01", "2026-05-30")
    assert counted(said, None, {})["outside"] == 2
    assert counted(Period(may, "id", "", "2026-05-01", "2026-05-30"), None, {})["outside"] is None


def test_a_column_that_the_other_period_lacks_is_left_out(tmp_path, may):
    bare = a_file(tmp_path, "bare", amount=[10, 20, 30])
    assert counted(Period(bare), None, {"may": may})["copies"] == {"may": {"whole": 1.0}}
    strange = a_file(tmp_path, "strange", other=[1])
    assert counted(Period(strange), None, {"may": may})["copies"] == {"may": {}}


def test_a_million_rows_are_counted_exactly(tmp_path):
    """Half of a period is copied from the one before; sliced as if each slice held a tenth of them."""
    n = 1_000_000
    before = a_file(tmp_path, "before", id=list(range(n)), amount=[k * 7 % 1_000_003 for k in range(n)])
    now = a_file(
        tmp_path,
        "now",
        id=list(range(n // 2, n + n // 2)),
        amount=[k * 7 % 1_000_003 for k in range(n // 2, n + n // 2)],
    )
    found = counted(Period(now, "id"), None, {"before": before}, n // 10)
    assert found["copies"]["before"]["whole"] == 0.5
    assert (found["repeated_rows"], found["repeated_ids"]) == (0, 0)
