"""Every method of drift gives the number that Evidently gives when it is asked about the whole data at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring.engines import drift
from monitoring.engines.drift import OF_AS_MANY_ROWS
from monitoring.engines.drift_rule import (
    CATEGORICAL_ONLY,
    METHODS,
    NUMERIC_ONLY,
    P_VALUES,
    PSI_DECILES,
    Rule,
)
from monitoring.engines.preload import quieten
from tests.monitoring.engines.conftest import written

pytestmark = pytest.mark.slow  # importing Evidently alone takes that long

NUMBERS = ("hrat", "obrat", "loanprc", "price", "unem", "loanamt")
CATEGORIES = ("race", "sex", "gdlin", "chist", "mortg", "dep")
TWO_VALUED = ("race", "sex", "chist")
EXACT = ("ks", "wasserstein")


def theirs(before: pd.DataFrame, now: pd.DataFrame, columns: tuple[str, ...], **said: Any) -> dict[str, Any]:
    """Score and verdict of each column from one report of Evidently over both periods."""
    quieten()
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    numbers = [name for name in columns if name in NUMBERS]
    kinds = DataDefinition(
        numerical_columns=numbers, categorical_columns=[name for name in columns if name not in NUMBERS]
    )
    sets = [Dataset.from_pandas(rows[list(columns)].copy(), kinds) for rows in (now, before)]
    report = Report([ValueDrift(column=name, **said) for name in columns], include_tests=True)
    answer = json.loads(report.run(*sets).json())
    told = [test["status"] == "FAIL" for test in answer["tests"] if test["id"] == "drift"]
    return {
        name: (metric["value"], drifted)
        for name, metric, drifted in zip(columns, answer["metrics"], told, strict=True)
    }


def ours(
    before: pd.DataFrame, now: pd.DataFrame, columns: tuple[str, ...], rule: Rule, folder: Path
) -> dict[str, Any]:
    paths = [written(rows, folder / f"{at}.parquet") for at, rows in enumerate((before, now))]
    categories = [name for name in columns if name not in NUMBERS]
    found = drift.measure(*paths, features=columns, categorical=categories, rule=rule)
    assert all(each.status == "measured" for each in found.features)
    return {each.feature: (each.score, each.drifted) for each in found.features}


def as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Categories as words, as both sides read them."""
    words = {name: rows[name].map(lambda each: each if pd.isna(each) else str(each)) for name in CATEGORIES}
    return rows.assign(**words)


@pytest.mark.parametrize("method", [each for each in METHODS if each not in (*CATEGORICAL_ONLY, PSI_DECILES)])
def test_of_a_number(applications: pd.DataFrame, method: str, tmp_path: Path) -> None:
    before, now = (applications[applications.suffolk == part] for part in (0, 1))
    asked: dict[str, Any] = {} if method == "evidently" else {"method": method}

    expected = theirs(before, now, NUMBERS, **asked)
    found = ours(before, now, NUMBERS, Rule(method), tmp_path)

    within = 0 if method in EXACT else 1e-9
    assert {name: score for name, (score, _) in found.items()} == pytest.approx(
        {name: score for name, (score, _) in expected.items()}, rel=within, abs=within
    )
    assert [each for _, each in found.values()] == [each for _, each in expected.values()]


@pytest.mark.parametrize(
    "method", [each for each in METHODS if each not in (*NUMERIC_ONLY, *OF_AS_MANY_ROWS)]
)
def test_of_a_category(applications: pd.DataFrame, method: str, tmp_path: Path) -> None:
    before, now = (as_text(applications[applications.suffolk == part]) for part in (0, 1))
    asked: dict[str, Any] = {} if method == "evidently" else {"method": method}
    columns = TWO_VALUED if method == "z" else CATEGORIES

    expected = theirs(before, now, columns, **asked)
    found = ours(before, now, columns, Rule(categorical_method=method), tmp_path)

    assert {name: score for name, (score, _) in found.items()} == pytest.approx(
        {name: score for name, (score, _) in expected.items()}, rel=1e-9, abs=1e-9
    )
    assert [each for _, each in found.values()] == [each for _, each in expected.values()]


@pytest.mark.parametrize("method", OF_AS_MANY_ROWS)
def test_of_a_category_where_evidently_answers_for_as_many_rows_alone(
    applications: pd.DataFrame, method: str, tmp_path: Path
) -> None:
    """Its rows of one period are cut to as many as the other has; ours has an answer for all of them as well."""
    before, now = (as_text(applications[applications.suffolk == part]) for part in (0, 1))
    columns = TWO_VALUED if method == "fisher_exact" else CATEGORIES
    as_many = before.iloc[: len(now)].dropna(subset=list(columns)), now.dropna(subset=list(columns))
    rows = min(map(len, as_many))
    as_many = as_many[0].iloc[:rows], as_many[1].iloc[:rows]

    expected = theirs(*as_many, columns, method=method)
    found = ours(*as_many, columns, Rule(categorical_method=method), tmp_path)

    assert {name: score for name, (score, _) in found.items()} == pytest.approx(
        {name: score for name, (score, _) in expected.items()}, rel=1e-9, abs=1e-9
    )
    assert [each for _, each in found.values()] == [each for _, each in expected.values()]
    with pytest.raises(ValueError, match=r"equal length|observed frequencies"):
        theirs(before, now, columns, method=method)
    assert set(ours(before, now, columns, Rule(categorical_method=method), tmp_path)) == set(columns)


@pytest.mark.parametrize("method", EXACT)
def test_exactly_up_to_two_hundred_thousand_rows(method: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    before, now = (pd.DataFrame({"hrat": rng.normal(shift, 1, 200_000)}) for shift in (0.0, 0.004))

    expected = theirs(before, now, ("hrat",), method=method)
    found = drift.measure(
        *(written(rows, tmp_path / f"{at}.parquet") for at, rows in enumerate((before, now))),
        features=("hrat",),
        rule=Rule(method),
    )

    assert found.rows["reference_read"] == found.rows["current_read"] == 200_000
    assert found.features[0].score == expected["hrat"][0]


def test_few_rows_get_the_p_values_that_evidently_takes_for_them(
    applications: pd.DataFrame, tmp_path: Path
) -> None:
    """Up to 1,000 rows of the reference: Kolmogorov-Smirnov, chi-square, and z where there are two values."""
    rows = as_text(applications)
    before, now = rows.iloc[:900], rows.iloc[900:]
    columns = ("hrat", "race", "mortg")
    rule = Rule("evidently", categorical_method="evidently")

    assert ours(before, now, columns, rule, tmp_path) == theirs(before, now, columns)
    paths = tmp_path / "0.parquet", tmp_path / "1.parquet"
    found = drift.measure(*paths, features=columns, categorical=columns[1:], rule=rule)

    assert [each.method for each in found.features] == ["ks", "z", "chisquare"]
    assert {each.threshold for each in found.features} == {0.05}
    assert all(each.low is None and each.method in P_VALUES for each in found.features)
