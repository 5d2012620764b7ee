"""Counts are copied as rows are: of the file of another period, whatever else their documents say."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest

from governance.people.acting import viewing
from monitoring.counting import documents, making, sources
from monitoring.data import receiving
from monitoring.data import services as data
from monitoring.data.models import Window
from monitoring.runs import telling
from monitoring.runs.models import Finding
from tests.monitoring.arrivals.conftest import hand_in, look_through, told
from tests.monitoring.loans import _frame, a_model

pytestmark = pytest.mark.django_db

FEATURES = ["dep", "unem"]
SAME = {("window_copied", "same_source"): "red"}
SHARES = {"n": 100, "method": "shap", "shares": {"dep": 0.6, "unem": 0.4}}


@pytest.fixture
def dataset(owner):
    return data.describe(by=owner, model=a_model(owner), name="Counted", features=FEATURES)


@pytest.fixture
def file(tmp_path) -> Path:
    """What the firm holds of January."""
    return a_file(tmp_path, "january", 0)


def a_month(first: int, rows: int = 300) -> Any:
    return _frame("reference")[FEATURES].iloc[first : first + rows]


def a_file(folder: Path, name: str, first: int, rows: int = 300) -> Path:
    path = folder / f"{name}.csv"
    a_month(first, rows).to_csv(path, index=False)
    return path


def counted(owner, dataset, source: Any, part: str = "current", **more: Any) -> dict[str, Any]:
    """By the plan that the register hands out now."""
    with viewing(owner):
        plan = receiving.plan_of_counts(dataset, part)
    return {**making.document(source, plan), **more}


def counts_in(owner, dataset, name: str, document: dict[str, Any], part: str = "current") -> Window:
    content = io.BytesIO(documents.canonical(document))
    said = {"name": name, "part": part, "file": content, "file_name": f"{name}.json"}
    return data.add_window(by=owner, dataset=dataset, **said)


def copies(owner, window: Window) -> dict[tuple[str, str], str]:
    """Rows of two numbers are often alike, which is found as well."""
    return {key: each for key, each in told(owner, window).items() if key[0] == "window_copied"}


def test_a_period_of_counts_keeps_the_digest_of_what_was_counted(owner, dataset, file):
    window = counts_in(owner, dataset, "january", counted(owner, dataset, file))
    rows = hand_in(owner, dataset, "rows", a_month(300))
    assert window.counted_sha256 == window.made_from == hashlib.sha256(file.read_bytes()).hexdigest()
    assert window.source_sha256 != window.counted_sha256
    assert (rows.counted_sha256, rows.made_from) == ("", rows.source_sha256)


@pytest.mark.parametrize("changed", ["as it was", "shares", "an earlier plan"])
def test_counts_of_the_same_file_are_a_copy_whatever_the_document_adds(owner, dataset, file, changed):
    document = counted(owner, dataset, file)
    january = counts_in(owner, dataset, "january", document)
    if changed == "shares":
        document = {**document, "explanation": SHARES}
    if changed == "an earlier plan":
        document = {key: each for key, each in document.items() if key != "roles"} | {"version": 2}
    again = counts_in(owner, dataset, "february", document)
    look_through(owner)
    key = "same_file" if changed == "as it was" else "same_source"
    assert (again.sha256 == january.sha256) == (changed == "as it was")
    assert told(owner, again) == {("window_copied", key): "red"}
    assert told(owner, january) == {}, "of two that are alike the later one is the copy"
    with viewing(owner):
        said = telling.found(Finding.objects.get())
    assert "the data period “january”" in said and "%(" not in said


@pytest.mark.parametrize("first", ["rows", "counts"])
def test_counts_of_the_file_of_rows_are_a_copy_and_the_other_way_round(owner, dataset, file, first):
    def rows() -> Window:
        said = {"name": "rows", "part": "current", "file_name": "rows.csv"}
        return data.add_window(by=owner, dataset=dataset, file=io.BytesIO(file.read_bytes()), **said)

    def counts() -> Window:
        return counts_in(owner, dataset, "counts", counted(owner, dataset, file))

    one, other = (rows, counts) if first == "rows" else (counts, rows)
    earlier, later = one(), other()
    look_through(owner)
    assert copies(owner, later) == SAME and copies(owner, earlier) == {}


def test_counts_of_another_file_or_of_another_table_of_one_database_are_no_copy(owner, dataset, tmp_path):
    import duckdb

    months = {"january": a_file(tmp_path, "one", 0, 300), "february": a_file(tmp_path, "two", 300, 310)}
    database = tmp_path / "firm.duckdb"
    with duckdb.connect(str(database)) as firm:
        for name, path in months.items():
            firm.execute(f"CREATE TABLE {name} AS FROM read_csv('{path}')")
    windows = [
        counts_in(owner, dataset, f"{name} of {kind}", counted(owner, dataset, source))
        for kind in ("file", "table")
        for name, path in months.items()
        for source in [path if kind == "file" else sources.Source((database,), name)]
    ]
    look_through(owner)
    assert [told(owner, each) for each in windows] == [{}] * 4
    assert windows[2].counted_sha256 == windows[3].counted_sha256


def test_the_same_file_counted_for_another_dataset_or_in_place_of_a_wrong_one_is_no_copy(
    owner, dataset, file
):
    wrong = counts_in(owner, dataset, "january", counted(owner, dataset, file))
    other = data.describe(by=owner, model=dataset.model, name="Other", features=["dep"])
    elsewhere = counts_in(owner, other, "january", counted(owner, other, file))
    content = io.BytesIO(documents.canonical(counted(owner, dataset, file, explanation=SHARES)))
    right = data.correct_window(
        by=owner, window=wrong, reason="without shares", file=content, file_name="january.json"
    )
    look_through(owner)
    assert told(owner, elsewhere) == told(owner, right) == {}
