"""The process that reads an upload imports what it needs: everybody who hands in a file waits for it."""

from __future__ import annotations

import json
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.data.faults import Unreadable
from monitoring.data.reader import ROWS_PER_MEGABYTE, read_apart
from tests.ground import CHECKOUT

RULE = {"wanted": None, "declared": [], "identifier": "", "pseudonyms": "", "people": []}
LIMITS = {
    "max_bytes": 1 << 20,
    "max_rows": 10,
    "required": ["n"],
    "numeric": ["n"],
    "time": "",
    "texts": [],
    "rule": RULE,
}


@pytest.mark.parametrize(
    ("name", "content", "rows"), [("rows.csv", "n,group\n1,a\n2,\n", 2), ("rows.json", '[{"n": 1}]', 1)]
)
def test_neither_pandas_nor_numpy_is_imported_because_it_is_installed(tmp_path, name, content, rows):
    source = tmp_path / name
    source.write_text(content)
    question = {"source": str(source), "name": name, "into": str(tmp_path), "limits": LIMITS}

    read = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "monitoring.data.reader"],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        check=True,
    )

    imported = {line.rpartition("|")[2].strip() for line in read.stderr.splitlines()}
    assert json.loads(read.stdout)["intake"]["rows"] == rows
    assert {"pyarrow.lib", "duckdb"} <= imported
    assert not {"pandas._libs", "numpy._core"} & imported


def test_how_many_rows_a_file_may_have_follows_from_how_large_it_may_be(tmp_path):
    source, many = tmp_path / "rows.parquet", ROWS_PER_MEGABYTE + 1
    pq.write_table(pa.table({"n": pa.array([1]).take(pa.array([0] * many))}), source)
    assert source.stat().st_size < 10_000

    def read(megabytes: int) -> int:
        asked = {"required": ["n"], "numeric": ["n"], "into": tmp_path, "most": megabytes << 20}
        return read_apart(source, name="rows.parquet", **asked).rows

    assert read(2) == many
    with pytest.raises(Unreadable) as refused:
        read(1)
    [fault] = refused.value.faults
    assert (fault.rule, fault.params) == ("too_many_rows", {"found": many, "limit": ROWS_PER_MEGABYTE})
