"""What is measured in the sandbox is to the last bit what is measured in a plain child, and costs little more."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from monitoring.checks.check import Inputs
from monitoring.engines.preload import preload
from monitoring.engines.results import canonical_json
from monitoring.runs import compute, isolation
from monitoring.runs.apart import answered
from monitoring.sandbox.talk import Beat

from .conftest import FEATURES, Trained

TIMES = 9
Ask = Callable[[Path, str], Inputs]


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    preload()


@pytest.fixture
def ask(reference: Path, current: Path) -> Ask:
    def inputs(artefact: Path, artefact_format: str) -> Inputs:
        return Inputs(
            current=current,
            reference=reference,
            artefact=artefact,
            artefact_format=artefact_format,
            features=FEATURES,
            label="approve",
            threshold=0.7,
            sensitive=("race", "sex"),
            seed=1,
            digests={"current": "c", "reference": "r", "artefact": "a"},
        )

    return inputs


@pytest.fixture
def skops_model(applications: pd.DataFrame, tmp_path: Path) -> Path:
    import skops.io
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows = applications[list(FEATURES)].astype(float).to_numpy()
    fitted = HistGradientBoostingClassifier(max_iter=10, random_state=0).fit(rows, applications.approve)
    skops.io.dump(fitted, tmp_path / "model.skops")
    return tmp_path / "model.skops"


@pytest.fixture
def other_models(applications: pd.DataFrame, tmp_path: Path) -> list[Path]:
    """Of scikit-learn, none of trees."""
    import skops.io
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import GaussianNB
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = applications[list(FEATURES)].astype(float).to_numpy()
    classifiers = (
        make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()),
        make_pipeline(SimpleImputer(), GaussianNB()),
    )
    paths = [tmp_path / f"{at}.skops" for at in range(len(classifiers))]
    for classifier, path in zip(classifiers, paths, strict=True):
        skops.io.dump(classifier.fit(rows, applications.approve), path)
    return paths


def stay(percent: int, phase: str) -> bool:
    return True


def measured_here(check: str, inputs: Inputs, beat: Beat) -> dict[str, Any]:
    """In a plain child of this process, which is no sandbox."""
    return compute.in_child(lambda progress: answered(check, replace(inputs, progress=progress)), beat)


def same_to_the_last_bit(check: str, inputs: Inputs) -> bool:
    apart = compute.measured(check, inputs, stay)
    assert apart.pop("isolation")["level"] == isolation.standing().level
    return canonical_json(apart) == canonical_json(measured_here(check, inputs, stay))


@pytest.mark.parametrize("check", ["explanation", "fairness", "performance", "robustness"])
def test_a_booster_gives_the_same_answer(ask: Ask, xgboost_model: Trained, check: str) -> None:
    assert same_to_the_last_bit(check, ask(xgboost_model.path, "xgboost_json"))
    assert same_to_the_last_bit(check, ask(xgboost_model.path.with_suffix(".ubj"), "xgboost_ubj"))


@pytest.mark.parametrize("check", ["explanation", "fairness", "performance", "robustness"])
def test_the_other_formats_give_the_same_answer(
    ask: Ask, lightgbm_model: Trained, skops_model: Path, check: str
) -> None:
    assert same_to_the_last_bit(check, ask(lightgbm_model.path, "lightgbm_text"))
    assert same_to_the_last_bit(check, ask(skops_model, "skops"))


@pytest.mark.parametrize("check", ["explanation", "robustness"])
def test_what_is_no_tree_gives_the_same_answer(ask: Ask, other_models: list[Path], check: str) -> None:
    for path in other_models:
        assert same_to_the_last_bit(check, ask(path, "skops"))
        assert "refused" not in compute.measured(check, ask(path, "skops"), stay)


def test_a_refusal_is_the_same_refusal(ask: Ask, xgboost_model: Trained, tmp_path: Path) -> None:
    inputs = ask(xgboost_model.path, "xgboost_json")
    (tmp_path / "broken").write_bytes(b"{}")
    for refused in (
        replace(inputs, features=FEATURES[1:]),
        replace(inputs, artefact=tmp_path / "broken"),
        replace(inputs, artefact_format="onnx"),
    ):
        assert same_to_the_last_bit("explanation", refused)
        assert "refused" in compute.measured("explanation", refused, stay)


def test_a_check_that_opens_no_model_gets_none(ask: Ask, xgboost_model: Trained) -> None:
    """Drift compares data: it goes the short way, and would not find the artefact if it looked."""
    inputs = replace(ask(xgboost_model.path, "xgboost_json"), prediction="approve", threshold=None)
    assert "isolation" not in compute.measured("fairness", inputs, stay)
    assert "isolation" in compute.measured("explanation", inputs, stay)
    assert "isolation" not in compute.measured("explanation", replace(inputs, artefact=None), stay)


@pytest.mark.slow
def test_what_the_sandbox_costs(ask: Ask, xgboost_model: Trained, capsys: pytest.CaptureFixture[str]) -> None:
    inputs = ask(xgboost_model.path, "xgboost_json")
    ways = {"sandbox": compute.measured, "plain fork": measured_here}
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _turn in range(TIMES):
        for name, way in ways.items():
            begun = time.perf_counter()
            way("explanation", inputs, stay)
            took[name].append(1000 * (time.perf_counter() - begun))
    medians = {name: statistics.median(each) for name, each in took.items()}
    with capsys.disabled():
        told = ", ".join(f"{name} {median:.0f} ms" for name, median in medians.items())
        print(f"\nan explanation, median of {TIMES}: {told} ({isolation.standing().level})")
    assert medians["sandbox"] - medians["plain fork"] < 500
