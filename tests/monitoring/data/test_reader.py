"""The process that reads an upload imports what it needs: everybody who hands in a file waits for it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.ground import CHECKOUT

RULE = {"wanted": None, "declared": [], "identifier": "", "pseudonyms": "", "people": []}
LIMITS = {"max_bytes": 1 << 20, "required": ["n"], "numeric": ["n"], "time": "", "texts": [], "rule": RULE}


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
