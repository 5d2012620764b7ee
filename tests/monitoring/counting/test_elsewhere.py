"""Rows beyond one machine: the firm's own engine answers a printed statement, and the document is that of the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from monitoring.counting import documents, making, sources
from monitoring.counting.__main__ import main
from monitoring.counting.asking import COLUMNS
from tests.elsewhere import held
from tests.monitoring.counting.files import BOTH, a_file, plan_of
from tests.reference import needs_reference_data, of_set

CATEGORICAL = ["workclass", "native-country"]
ADULT: dict[str, Any] = {
    "features": ["age", "fnlwgt", "education-num", "capital-gain", *CATEGORICAL],
    "categorical": CATEGORICAL,
    "sensitive": ["sex", "race"],
    "label": "class",
    "prediction": "class",
    "favourable": ">50K",
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cells cut from a sample of 5,000 rows, as a firm does whose rows fit no machine."""
    folder = tmp_path_factory.mktemp("plan")
    pq.write_table(pq.read_table(of_set("adult/data.parquet")).slice(0, 5_000), folder / "sample.parquet")
    (folder / "plan.json").write_text(json.dumps(plan_of(**ADULT)))
    asked = [
        "count",
        str(folder / "sample.parquet"),
        "--plan",
        str(folder / "plan.json"),
        "--cut",
        str(folder / "cut.json"),
    ]
    assert main(asked) == 0
    return folder / "cut.json"


def asked_of(name: str, plan: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["count", "--plan", str(plan), "--print-sql", name, "--table", "held_rows"]) == 0
    return capsys.readouterr().out


def but_for_its_source(document: dict[str, Any]) -> bytes:
    return documents.canonical(
        {key: each for key, each in document.items() if key not in ("file", "counted_by")}
    )


@needs_reference_data
@pytest.mark.slow
@pytest.mark.xdist_group("elsewhere")
@pytest.mark.parametrize("name", ["postgresql", "spark"])
def test_the_document_of_an_answer_is_byte_for_byte_that_of_the_file(request, tmp_path, capsys, plan, name):
    """48,842 real people. It differs in what it was counted from alone: the answer's digest and the engine's name."""
    file, out = of_set("adult/data.parquet"), tmp_path / "counts.json"
    from_file = making.document(file, json.loads(plan.read_bytes()))
    statement = asked_of(name, plan, capsys)

    with held(request, name, file) as engine:
        kept = engine.kept(statement, tmp_path)
    for told in kept:
        assert main(["count", "--plan", str(plan), "--from-result", str(told), "--out", str(out)]) == 0
        made = json.loads(out.read_bytes())
        assert but_for_its_source(made) == but_for_its_source(from_file), told
        assert made["counted_by"] == name and made["file"]["size"] == told.stat().st_size
    assert len(kept) == (3 if name == "spark" else 2)
    assert f"an answer of {name} with SHA-256" in capsys.readouterr().out
    assert from_file["rows"] == 48_842 and len(from_file["columns"]) == len(ADULT["features"])


# --- an answer is held against the plan before it is believed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("asked")


@pytest.fixture(scope="module")
def asked(folder: Path) -> dict[str, Any]:
    reference = making.document(a_file(folder, "reference"), plan_of(sensitive=BOTH))
    return plan_of(reference, sensitive=BOTH)


@pytest.fixture(scope="module")
def lines(folder: Path, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What DuckDB answers to the statement that was printed for it."""
    statement = making.question("duckdb", "{source}", asked)
    with sources.opened(sources.source_of([str(a_file(folder, "current"))]), asked) as (engine, _types):
        return [dict(zip(COLUMNS, each, strict=True)) for each in engine.rows(statement)]


def cell(lines: list[dict[str, Any]], part: str = "cell") -> dict[str, Any]:
    return next(each for each in lines if each["part"] == part and each["n"])


def without(lines: list[dict[str, Any]], part: str = "cell") -> list[dict[str, Any]]:
    return [each for each in lines if each is not cell(lines, part)]


def changed(lines: list[dict[str, Any]], of: str, **values: Any) -> list[dict[str, Any]]:
    one = cell(lines, of)
    return [{**each, **values} if each is one else each for each in lines]


BROKEN = {
    "a line less": (without, "loanamt do not add up to 307 rows"),
    "a line twice": (lambda it: [*it, cell(it)], "do not add up to 307 rows"),
    "a group less": (lambda it: without(it, "group"), "white do not add up"),
    "a pair of groups less": (lambda it: without(it, "pair"), "white × male do not add up"),
    "another pair": (
        lambda it: changed(it, "pair", who="2"),
        "pairs of white × male do not agree with the groups of white",
    ),
    "another count": (lambda it: changed(it, "cell", n=1_000_000), "do not add up"),
    "a count below nothing": (lambda it: changed(it, "cell", n=-1), "no whole number"),
    "half a row": (lambda it: changed(it, "cell", n=1.5), "no answer to the statement"),
    "a strange cell": (
        lambda it: changed(it, "cell", cell=999),
        "cells of loanamt that the plan does not name",
    ),
    "a strange column": (lambda it: changed(it, "cell", place=999), "does not ask for"),
    "a strange part": (lambda it: changed(it, "cell", part="people"), "does not ask for"),
    "a strange decision": (lambda it: changed(it, "group", decision=2), "neither 0 nor 1"),
    "no range": (lambda it: without(it, "profile"), "range and the mean of loanamt"),
    "another plan": (lambda it: changed(it, "rows", who="duckdb 00"), "another plan"),
    "few rows": (lambda it: changed(it, "rows", n=9), "do not add up to 9 rows"),
    "a column less": (
        lambda it: [{key: each[key] for key in COLUMNS[1:]} for each in it],
        "no answer to the statement",
    ),
    "nothing": (lambda it: [], "another plan"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_answer_is_refused_and_nothing_is_written(tmp_path, capsys, asked, lines, case):
    spoil, said = BROKEN[case]
    plan, told, out = tmp_path / "plan.json", tmp_path / "answer.json", tmp_path / "counts.json"
    plan.write_text(json.dumps(asked))
    told.write_text(json.dumps(spoil(lines)))

    assert main(["count", "--plan", str(plan), "--from-result", str(told), "--out", str(out)]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_an_answer_hides_what_the_file_hides(tmp_path, asked, lines):
    told = tmp_path / "answer.json"
    told.write_text(json.dumps(lines))
    assert but_for_its_source(making.of_result(told, asked)) == but_for_its_source(
        making.document(a_file(tmp_path, "current"), asked)
    )


def test_a_plan_without_cells_cannot_be_asked_elsewhere(tmp_path, capsys):
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(plan_of()))
    assert main(["count", "--plan", str(plan), "--print-sql", "spark", "--table", "t"]) == 2
    assert "--cut" in capsys.readouterr().err
