"""Evidently's own page: its figures are those of the check, its rows are recorded, and no name in it becomes a script."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.engines import drift, evidently_html, evidently_report
from monitoring.engines.drift_rule import Own, Rule
from monitoring.engines.refusals import CannotMeasure, MissingColumns

SCRIPT = "</script><script>window.hacked=1</script>"


@pytest.fixture(scope="module")
def periods(tmp_path_factory) -> list[Path]:
    """Numbers, categories whose names end scripts, a column that became text, one without values now."""
    folder, paths = tmp_path_factory.mktemp("periods"), []
    for at, name in enumerate(("reference", "current")):
        rng = np.random.default_rng(at)
        columns = {
            "income": rng.lognormal(0.2 * at, 1, 3000),
            f"kind{SCRIPT}": rng.choice([f"a{SCRIPT}", "<svg onload=window.hacked=1>", "c"], 3000),
            "age": rng.integers(18, 80, 3000) if at == 0 else np.array(["old"] * 3000),
            "debt": pa.array([None] * 3000 if at else rng.normal(0, 1, 3000), pa.float64()),
        }
        paths.append(folder / f"{name}.parquet")
        pq.write_table(pa.table(columns), paths[-1])
    return paths


def made(periods, **more):
    names = ["income", f"kind{SCRIPT}", "age", "debt"]
    asked = {"features": names, "categorical": [names[1]], "rule": Rule(), "seed": 1}
    return evidently_html.report(*periods, **{**asked, **more})


def test_its_figures_are_those_of_the_check(periods):
    rule = Rule("wasserstein", 0.1, "jensenshannon", 0.1)
    found = made(periods, rule=rule)
    ours = drift.measure(
        *periods, features=["income", f"kind{SCRIPT}"], categorical=[f"kind{SCRIPT}"], rule=rule
    )

    for theirs, feature in zip(found["features"], ours.features, strict=True):
        assert theirs["score"] == pytest.approx(feature.score, abs=1e-9)
        assert (theirs["method"], theirs["drifted"]) == (feature.method, feature.drifted)
    assert found["left_out"] == ["age", "debt"]
    assert found["rows"] == found["drawn"] == {"reference": 3000, "current": 3000}


def test_a_column_is_drawn_by_the_method_and_the_limit_of_its_own(periods):
    rule = Rule(columns={"income": Own("wasserstein", 0.5)})
    income, kind = made(periods, rule=rule)["features"]
    assert (income["method"], income["threshold"]) == ("wasserstein", 0.5)
    assert (kind["method"], kind["threshold"]) == ("psi", 0.1)


def test_in_place_of_deciles_that_evidently_does_not_know_its_own_psi_is_drawn_and_named(periods):
    income, _kind = made(periods, rule=Rule("psi_deciles", 0.2))["features"]
    by_psi, _kind = made(periods, rule=Rule("psi", 0.2))["features"]
    assert income == by_psi and (income["method"], income["threshold"]) == ("psi", 0.2)


@pytest.mark.parametrize("method", ["g_test", "fisher_exact"])
def test_in_place_of_a_test_for_as_many_rows_chi_square_is_drawn_and_named(periods, method):
    rule = Rule(categorical_method=method)
    _income, kind = made(periods, rule=rule)["features"]
    assert (kind["method"], kind["threshold"]) == ("chisquare", 0.05)


def test_in_place_of_a_test_without_an_answer_kolmogorov_s_is_drawn_and_named(tmp_path):
    """Otherwise there would be no page at all."""
    paths = [tmp_path / "reference", tmp_path / "current"]
    columns = {"still": np.repeat([0.0, 1.0], [90, 10]), "moving": np.arange(100.0)}
    for path in paths:
        pq.write_table(pa.table(columns), path)
    still, moving = made(paths, features=list(columns), categorical=[], rule=Rule("es"))["features"]
    assert (still["method"], moving["method"]) == ("ks", "es")


@pytest.mark.parametrize("method", ["t_test", "mannw", "cramer_von_mises", "anderson"])
def test_of_a_column_that_does_not_vary_a_test_with_an_answer_is_drawn(tmp_path, method):
    paths = [tmp_path / "reference", tmp_path / "current"]
    for path in paths:
        pq.write_table(pa.table({"one": np.ones(60), "word": ["a"] * 60}), path)
    rule = Rule(method, categorical_method="g_test")
    found = made(paths, features=["one", "word"], categorical=["word"], rule=rule)["features"]
    assert [(each["method"], each["score"], each["drifted"]) for each in found] == [
        ("ks", 1.0, False),
        ("z", 1.0, False),
    ]


def test_what_evidently_chooses_is_named(periods):
    by_itself = made(periods, rule=Rule("evidently", 0.1, "evidently", 0.1))
    assert [each["method"] for each in by_itself["features"]] == ["wasserstein", "jensenshannon"]


def test_of_more_rows_than_it_is_given_a_seeded_sample_is_drawn_and_told(periods, monkeypatch):
    monkeypatch.setattr(evidently_html, "MOST_ROWS", 500)
    found, again, other = made(periods), made(periods), made(periods, seed=2)

    assert found["drawn"] == {"reference": 500, "current": 500} and found["rows"]["current"] == 3000
    assert found["features"] == again["features"] != other["features"]


def test_the_more_columns_the_fewer_rows(periods, monkeypatch):
    monkeypatch.setattr(evidently_html, "MOST_VALUES", 4000)
    assert made(periods)["drawn"]["current"] == 1000


def test_no_name_of_the_data_ends_its_script(periods):
    html = made(periods)["html"]
    assert SCRIPT not in html and "<svg onload=window" not in html
    assert r"\u003c/script\u003e\u003cscript\u003ewindow.hacked=1" in html  # it is there, as text
    assert "http" not in {each.split(":")[0] for each in html.split('<script src="')[1:]}


def test_where_it_cannot_be_disarmed_no_report_is_made(periods, monkeypatch):
    from evidently.legacy.utils import dashboard

    changes = [("json", SimpleNamespace(dumps=str)), ("json", None), ("dashboard_info_to_json", str)]
    for name, other in changes:
        with monkeypatch.context() as release:
            release.setattr(dashboard, name, other)
            with pytest.raises(evidently_html.CannotDisarm):
                made(periods)
    assert made(periods)["html"]


def test_the_check_paints_nothing_and_takes_no_paint_away(periods):
    """Both live in one worker: what makes the check quick must not empty the report."""
    from monitoring.engines.columns import paired

    evidently_report.value_drift(paired(*periods, "income", (None, None), categorical=False), "psi", 0.1)
    assert "income" in made(periods)["html"]


@pytest.mark.parametrize(
    ("features", "error"), [(["gone"], MissingColumns), (["age"], CannotMeasure), ([], CannotMeasure)]
)
def test_without_a_feature_that_can_be_compared_there_is_no_report(periods, features, error):
    with pytest.raises(error):
        made(periods, features=features)


@pytest.fixture(scope="module")
def answered(tmp_path_factory) -> list[Path]:
    """A score that moves, decisions of few values, words in place of numbers for one outcome, and none yet for another."""
    folder, paths = tmp_path_factory.mktemp("answered"), []
    for at, name in enumerate(("reference", "current")):
        rng = np.random.default_rng(at)
        columns = {
            "income": rng.normal(0, 1, 3000),
            "p": rng.normal(0.4 * at, 1, 3000),
            "says": rng.choice([0, 1], 3000, p=[0.3, 0.7]),
            "paid": np.array(["yes"] * 3000) if at else rng.integers(0, 2, 3000),
            "later": pa.array([None] * 3000, pa.string()) if at else pa.array(rng.integers(0, 2, 3000)),
        }
        paths.append(folder / f"{name}.parquet")
        pq.write_table(pa.table(columns), paths[-1])
    return paths


ROLES = {"score": "p", "prediction": "says", "label": "later"}


@pytest.mark.parametrize(
    "rule", [Rule(), Rule("wasserstein", 0.3, "jensenshannon", 0.2, columns={"p": Own("ks", None)})]
)
def test_score_decision_and_outcome_are_drawn_by_the_methods_and_limits_of_the_check(answered, rule):
    asked = {"features": ["income"], "categorical": [], "roles": ROLES, "rule": rule, "seed": 1}
    found = evidently_html.report(*answered, **asked)
    ours = drift.measure(*answered, **asked)

    assert (
        [each["role"] for each in found["roles"]]
        == [each.role for each in ours.roles]
        == ["score", "prediction"]
    )
    for theirs, role in zip(found["roles"], ours.roles, strict=True):
        assert theirs["score"] == pytest.approx(role.score, abs=1e-9)
        for key in ("feature", "method", "threshold", "drifted"):
            assert theirs[key] == getattr(role, key)
    assert [each["feature"] for each in found["features"]] == ["income"] and found["left_out"] == []
    assert found["roles"][0]["drifted"]


def test_an_outcome_that_became_words_is_left_out_and_named(answered):
    found = evidently_html.report(
        *answered, features=["income"], categorical=[], roles={"label": "paid"}, rule=Rule(), seed=1
    )
    assert (found["roles"], found["left_out"]) == ([], ["paid"])


def test_they_are_columns_of_the_sample_as_well(answered, monkeypatch):
    monkeypatch.setattr(evidently_html, "MOST_VALUES", 4000)
    asked = {"features": ["income"], "categorical": [], "roles": {"score": "p"}, "rule": Rule(), "seed": 1}
    assert evidently_html.report(*answered, **asked)["drawn"] == {"reference": 2000, "current": 2000}
