"""What does not fit into memory is laid down where nobody else reads it, and nothing of it stays."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.engines import spilling, windows

ROWS = 3_000_000
LITTLE = "40MB"


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    """As many different pairs as rows: to count them takes more than a little memory."""
    rng = np.random.default_rng(1)
    path = tmp_path_factory.mktemp("many") / "many.parquet"
    pq.write_table(pa.table({"a": rng.integers(0, 1 << 62, ROWS), "b": rng.random(ROWS)}), path)
    return path


@pytest.fixture
def disk(tmp_path, monkeypatch) -> Path:
    """The place of temporary files; the process itself stands where it may not be seen to write."""
    place, elsewhere = tmp_path / "disk", tmp_path / "cwd"
    place.mkdir()
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setattr(windows, "MEMORY_LIMIT", LITTLE)
    monkeypatch.chdir(elsewhere)
    return place


def pairs(path: Path) -> int:
    with windows.locked(path) as connection:
        asked = f"SELECT count(*) FROM (SELECT a, b FROM read_parquet({windows.literal(path)}) GROUP BY ALL)"
        return int(connection.execute(asked).fetchall()[0][0])


def test_what_does_not_fit_is_counted_all_the_same_and_leaves_nothing(many, disk):
    assert pairs(many) == ROWS
    assert list(disk.iterdir()) == [] and list(Path.cwd().iterdir()) == []


def test_nobody_else_may_read_the_folder(disk):
    with spilling.folder() as made:
        assert Path(made).parent == disk and Path(made).stat().st_mode & 0o777 == 0o700
    assert not Path(made).exists()


def test_where_nothing_may_be_written_it_is_refused_and_not_laid_down_elsewhere(many, disk, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(disk / "nowhere"))
    Path.cwd().rmdir()
    with pytest.raises(duckdb.OutOfMemoryException):
        pairs(many)
    assert list(disk.iterdir()) == []


def test_what_a_killed_process_left_is_taken_away_and_what_is_in_use_is_not(disk):
    left, used, other = (disk / name for name in ("senim-spill-old", "senim-spill-new", "of-somebody-else"))
    for each in (left, used, other):
        each.mkdir()
        (each / "rows").write_bytes(b"1,2,3")
    for each in (left, other):
        os.utime(each, (0, time.time() - spilling.LONGEST - 60))
    spilling.sweep()
    assert (left.exists(), used.exists(), other.exists()) == (False, True, True)
