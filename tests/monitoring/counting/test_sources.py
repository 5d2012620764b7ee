"""What `senim count` reads at the firm: one file or many, or a table of a DuckDB database; and nothing else."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from monitoring.counting import making, sources
from monitoring.counting.__main__ import main
from monitoring.counting.refusing import CannotCount
from monitoring.counting.sources import source_of
from tests.monitoring.counting.files import a_file, plan_of


@pytest.fixture
def rows(tmp_path: Path) -> pa.Table:
    return pyarrow.csv.read_csv(a_file(tmp_path, "current"))


@pytest.fixture
def whole(tmp_path: Path, rows: pa.Table) -> Path:
    pq.write_table(rows, tmp_path / "whole.parquet")
    return tmp_path / "whole.parquet"


def counted(document: dict) -> dict:
    return {key: each for key, each in document.items() if key != "file"}


def test_many_files_are_counted_as_one_and_known_by_what_sha256sum_says(tmp_path, rows, whole):
    parts = [tmp_path / f"part-{at}.parquet" for at in range(3)]
    for at, path in enumerate(parts):
        pq.write_table(rows.slice(at * 100, 100 if at < 2 else None), path)
    made = making.document(source_of([str(tmp_path / "part-*.parquet")]), plan_of())

    assert counted(made) == counted(making.document(whole, plan_of()))
    lines = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in parts)
    assert made["file"] == {
        "sha256": hashlib.sha256(lines.encode()).hexdigest(),
        "size": sum(path.stat().st_size for path in parts),
    }


def test_a_table_of_a_duckdb_database_is_counted(tmp_path, rows, whole):
    with duckdb.connect(str(tmp_path / "firm.duckdb")) as database:
        database.register("arriving", rows)
        database.execute('CREATE SCHEMA scoring; CREATE TABLE scoring."app""s" AS FROM arriving')
    made = making.document(source_of([str(tmp_path / "firm.duckdb")], 'scoring.app"s'), plan_of())
    assert counted(made) == counted(making.document(whole, plan_of()))


def test_a_view_of_a_database_cannot_read_other_files(tmp_path, whole):
    with duckdb.connect(str(tmp_path / "firm.duckdb")) as database:
        database.execute(f"CREATE VIEW v AS FROM read_parquet('{whole}')")
    with pytest.raises(CannotCount, match="cannot be read"):
        making.document(source_of([str(tmp_path / "firm.duckdb")], "v"), plan_of())


REFUSED = {
    "no file": (["none-*.parquet"], "", "There is no file"),
    "two kinds": (["whole.parquet", "current.csv"], "", "not all of one kind"),
    "a table of a file": (["whole.parquet"], "t", "--table"),
    "a database without a table": (["firm.duckdb"], "", "--table"),
    "a table that is not there": (["firm.duckdb"], "t", "cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_said_and_nothing_is_written(tmp_path, whole, capsys, case):
    names, table, said = REFUSED[case]
    duckdb.connect(str(tmp_path / "firm.duckdb")).close()
    plan, out = tmp_path / "plan.json", tmp_path / "counts.json"
    plan.write_text(json.dumps(plan_of()))
    asked = [*(str(tmp_path / name) for name in names), "--plan", str(plan), "--out", str(out)]

    assert main(["count", *asked, *(["--table", table] if table else [])]) == 2
    assert said in capsys.readouterr().err and not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--plan", "p"],
        ["f", "--plan", "p", "--from-result", "r"],
        ["--plan", "p", "--print-sql", "spark"],
        ["--plan", "p", "--from-result", "r", "--cut", "c"],
        ["--plan", "p", "--print-sql", "oracle", "--table", "t"],
    ],
)
def test_a_question_that_means_two_things_or_none_is_refused(words):
    with pytest.raises(SystemExit) as refusal:
        main(["count", *words])
    assert refusal.value.code == 2


def test_what_is_no_number_is_missing_even_where_the_file_states_a_range_without_it(tmp_path):
    """Parquet's own minimum and maximum leave NaN out, and DuckDB believes them: such a row is in no cell all the same."""
    path = tmp_path / "gaps.parquet"
    pq.write_table(pa.table({"x": [float(n) for n in range(40)] + [math.nan] * 10, "y": [1] * 50}), path)
    made = making.document(path, plan_of(features=["x"], sensitive=[], label="", prediction=""))
    [column] = made["columns"]

    assert (sum(column["counts"]), column["missing"]) == (40, 10)
    assert (column["low"], column["high"]) == (9.0, 30.0)


@pytest.mark.parametrize(("yes", "no", "kind"), [("yes", "no", "words"), ("true", "false", "truths")])
def test_words_that_duckdb_takes_for_truths_stay_words_as_in_the_register(tmp_path, yes, no, kind):
    """So `no` is the favourable value where the dataset says so, and not whatever is true."""
    path = tmp_path / "said.csv"
    path.write_text("x,sex,says\n" + f"1,f,{yes}\n" * 30 + f"2,m,{no}\n" * 20)
    asked = plan_of(features=["x"], sensitive=["sex"], label="", prediction="says", favourable=no)
    made = making.document(path, asked)

    assert made["roles"][0]["values"] == sorted([yes, no])
    groups = {each["group"]: each["counts"] for each in made["sensitive"][0]["groups"]}
    assert groups == {"f": [30, 0, 0, 0, 0, 0], "m": [0, 20, 0, 0, 0, 0]}
    with sources.opened(source_of([str(path)]), asked) as (_engine, types):
        assert types["says"] == ("VARCHAR" if kind == "words" else "BOOLEAN")
