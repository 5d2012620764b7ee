"""`senim count` as one file: it runs where there is Python and DuckDB, and nothing of the product."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import duckdb
import pytest

from monitoring.counting import making
from monitoring.counting.program import FILE_NAME, program
from tests.monitoring.counting.files import BOTH, plan_of, whole_applications


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A folder with the program, and DuckDB as the only package."""
    (tmp_path / FILE_NAME).write_bytes(program())
    packages = tmp_path / "packages"
    packages.mkdir()
    home = Path(duckdb.__file__).parent.parent
    for each in (*home.glob("duckdb*"), *home.glob("_duckdb*")):
        (packages / each.name).symlink_to(each)
    (tmp_path / "plan.json").write_text(json.dumps(plan_of(sensitive=BOTH)))
    return tmp_path


def run(firm: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Without the packages that are installed here."""
    command = [sys.executable, "-S", FILE_NAME, "count", *words, "--plan", "plan.json"]
    path = {"PYTHONPATH": str(firm / "packages"), "PATH": ""}
    return subprocess.run(command, cwd=firm, env=path, capture_output=True, text=True)


def test_it_writes_the_document_that_the_register_would_make(firm):
    file = whole_applications(firm)
    done = run(firm, file.name, "--out", "counts.json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((firm / "counts.json").read_bytes()) == making.document(file, plan_of(sensitive=BOTH))


def test_it_cuts_a_plan_and_prints_the_statement_for_another_engine(firm):
    assert run(firm, whole_applications(firm).name, "--cut", "cut.json").returncode == 0
    (firm / "plan.json").write_bytes((firm / "cut.json").read_bytes())
    printed = run(firm, "--print-sql", "postgresql", "--table", "scoring.applications")
    assert printed.returncode == 0
    assert printed.stdout == making.question(
        "postgresql", "scoring.applications", json.loads((firm / "cut.json").read_bytes())
    )


def test_it_is_small_and_the_same_each_time():
    again = program.__wrapped__()
    assert again == program() and len(again) < 100_000
    assert zipfile.ZipFile(BytesIO(again)).testzip() is None
