"""`senim count` reads one file, says what it keeps of it and writes one document."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.counting import documents, making, sources
from monitoring.counting.__main__ import main
from monitoring.engines import counts
from tests.ground import CHECKOUT
from tests.monitoring.counting.files import BOTH, a_file, plan_of


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan_of(sensitive=BOTH)))
    return path


def test_it_says_what_it_keeps_and_writes_the_document(tmp_path, plan, capsys):
    file, out = a_file(tmp_path, "current"), tmp_path / "counts.json"
    assert main(["count", str(file), "--plan", str(plan), "--out", str(out)]) == 0

    said = capsys.readouterr().out
    assert "Counted: 307 rows" in said and "counts of 10 columns" in said
    assert "Groups of white: 2, none hidden." in said
    assert "Groups of male: 3, hidden: 0, ?." in said
    assert "Hand the document in as the reference" in said and "Nothing was sent" in said
    assert json.loads(out.read_bytes()) == making.document(file, plan_of(sensitive=BOTH))


def test_dry_writes_nothing(tmp_path, plan, capsys):
    file, out = a_file(tmp_path, "current"), tmp_path / "counts.json"
    assert main(["count", str(file), "--plan", str(plan), "--out", str(out), "--dry"]) == 0
    assert "Counted: 307 rows" in capsys.readouterr().out
    assert not out.exists()


def test_it_imports_neither_django_nor_a_library_of_science(tmp_path, plan):
    """A firm installs DuckDB: nothing else is asked for."""
    file = a_file(tmp_path, "current")
    code = (
        "import sys; from monitoring.counting.__main__ import main; "
        f"code = main(['count', {str(file)!r}, '--plan', {str(plan)!r}, '--dry']); "
        "heavy = {'django', 'numpy', 'pandas', 'pyarrow', 'sklearn', 'evidently', 'fairlearn'} & set(sys.modules); "
        "sys.exit(code or ' '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


REFUSED = {
    "no file": (lambda folder: folder / "none.csv", "There is no file"),
    "a column less": (
        lambda folder: written(folder, "loanamt\n" + "1\n" * 20),
        "lacks columns of the plan: appinc",
    ),
    "few rows": (
        lambda folder: written(
            folder, a_file(folder, "current").read_text().split("\n", 1)[0] + "\n" + ("1," * 12 + "1\n") * 9
        ),
        "9 rows",
    ),
    "words for numbers": (
        lambda folder: written(
            folder, a_file(folder, "current").read_text().split("\n", 1)[0] + "\n" + ("a," * 12 + "1\n") * 20
        ),
        "hold numbers, and they do not: appinc",
    ),
    "no table": (lambda folder: written(folder, "PAR1 and no more"), "cannot be read"),
}


def written(folder: Path, text: str) -> Path:
    path = folder / "file.csv"
    path.write_text(text)
    return path


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_and_nothing_is_written(tmp_path, plan, capsys, case):
    file, said = REFUSED[case]
    out = tmp_path / "counts.json"
    assert main(["count", str(file(tmp_path)), "--plan", str(plan), "--out", str(out)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_a_file_that_is_no_plan_is_refused(tmp_path, capsys):
    file = a_file(tmp_path, "current")
    assert main(["count", str(file), "--plan", str(file)]) == 2
    assert "cannot be read as JSON" in capsys.readouterr().err


def test_the_connection_reads_this_file_alone(tmp_path):
    other = a_file(tmp_path, "reference")
    own = sources.opened(sources.source_of([str(a_file(tmp_path, "current"))]), plan_of())
    with own as (engine, _types), pytest.raises(Exception, match="Permission Error"):
        engine.rows(f"SELECT * FROM read_csv('{other}'), {{source}}")


@pytest.mark.parametrize("kind", ["whole", "broken", "truth", "words"])
def test_groups_and_outcomes_are_named_as_from_rows(tmp_path, kind):
    """The same file, counted at home and by the register: the same groups and cells, whatever the type of its columns."""
    groups = {
        "whole": [1, 2, None] * 40,
        "broken": [1.0, 2.5, None] * 40,
        "truth": [True, False, None] * 40,
        "words": ["ә", "b'c", ""] * 40,
    }[kind]
    outcome = {"truth": [True, False] * 60, "words": ["1", "0"] * 60}.get(kind, [1, 0] * 60)
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"x{1}": list(range(120)), "group": groups, "outcome": outcome}), path)
    roles = {"features": ["x{1}"], "sensitive": ["group"], "label": "outcome", "prediction": "outcome"}
    made = making.document(path, plan_of(**roles))
    rows = counts.from_window(
        path, sensitive=["group"], prediction="outcome", label="outcome", favourable="1"
    )

    [attribute] = made["sensitive"]
    assert sorted(documents.cells_of(attribute), key=str) == sorted(
        (cell.as_row() for cell in rows.cells["group"]), key=str
    )
