"""The demo's story on real data, from the uploaded file to the verdict. It holds what was measured, with room."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from governance.demo.mortgage.loanapp import FEATURES, LABEL, SENSITIVE, WITHHELD
from governance.demo.mortgage.papers import (
    data_sheet,
    fairness_assessment,
    model_card,
    oversight_instructions,
)
from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, Judged
from monitoring.data.intake import Limits, canonical
from monitoring.engines.results import digest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `python -m governance.demo.mortgage.training` writes."""
    target = tmp_path_factory.mktemp("demo")
    subprocess.run([sys.executable, "-m", "governance.demo.mortgage.training", str(target)], check=True)
    return target


@pytest.fixture(scope="module")
def inputs(folder: Path) -> Inputs:
    limits = Limits(required=(LABEL, *SENSITIVE), numeric=FEATURES)
    periods = {
        part: canonical(folder / f"{part}.csv", name=f"{part}.csv", limits=limits).path
        for part in ("reference", "current")
    }
    return Inputs(
        **periods,
        artefact_format="xgboost_json",
        features=FEATURES,
        label=LABEL,
        threshold=0.5,
        sensitive=SENSITIVE,
    )


def asked(key: str, inputs: Inputs, folder: Path, version: str) -> Judged:
    question = replace(inputs, artefact=folder / f"{version}.json")
    result = measure(key, question)
    assert digest(result) == digest(measure(key, question))
    json.dumps(result, allow_nan=False)
    return CHECKS[key].judge(result, {})


def ratio(judged: Judged) -> Any:
    return next(fact for fact in judged.measurements if fact.subject == "race")


def test_version_one_fails_the_four_fifths_convention(inputs: Inputs, folder: Path) -> None:
    judged = asked("fairness", inputs, folder, "v1")

    fact = ratio(judged)
    assert (judged.verdict, fact.n) == ("failed", 307)
    assert fact.value == pytest.approx(0.75, abs=0.02)
    assert (fact.low, fact.high) == (pytest.approx(0.66, abs=0.02), pytest.approx(0.85, abs=0.02))


def test_version_two_passes_but_is_uncertain(inputs: Inputs, folder: Path) -> None:
    judged = asked("fairness", inputs, folder, "v2")

    assert judged.verdict == "uncertain"
    assert ratio(judged).value == pytest.approx(0.83, abs=0.03)
    assert ratio(judged).low < 0.8


def test_the_price_of_mitigation_is_reported(folder: Path) -> None:
    facts = json.loads((folder / "facts.json").read_text())

    assert 0.02 < facts["price"]["accuracy"] < 0.06
    assert all(run["v1"]["ratio"] < 0.8 < run["v2"]["ratio"] for run in facts["sensitivity"])


def test_drift_between_the_places_is_amber_and_not_red(inputs: Inputs, folder: Path) -> None:
    judged = asked("drift", inputs, folder, "v1")

    facts = [fact for fact in judged.measurements if fact.verdict == "amber" and fact.subject]
    features = {fact.subject for fact in facts if fact.metric == "psi"}
    assert (judged.verdict, judged.summary_key) == ("amber", "amber_own")
    assert features == {"loanamt", "unit", "hexp", "price", "cons", "prop", "unem"}
    assert [fact.subject for fact in facts if fact.metric == "label_psi"] == [LABEL]


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_no_version_rests_on_a_sensitive_attribute(inputs: Inputs, folder: Path, version: str) -> None:
    judged = asked("explanation", inputs, folder, version)

    facts = {fact.metric: fact for fact in judged.measurements if not fact.subject}
    assert (facts["sensitive_share"].value, facts["sensitive_share"].verdict) == (0, "passed")
    assert judged.params["top"].startswith("gdlin")


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_whether_the_same_features_lead_on_other_rows_is_uncertain(
    inputs: Inputs, folder: Path, version: str
) -> None:
    """307 rows order 33 features well, but the ten that lead change with the draw: n counts the draws."""
    judged = asked("explanation", inputs, folder, version)

    facts = {fact.metric: fact for fact in judged.measurements if not fact.subject}
    leading, all_features = facts["top_agreement"], facts["ranking_agreement"]
    assert all_features.value > 0.99 and all_features.verdict == "passed"
    assert leading.value == pytest.approx(0.85, abs=0.03)
    assert (judged.verdict, leading.verdict, leading.n) == ("uncertain", "uncertain", 10)
    assert leading.low < leading.limit < leading.value


def test_no_version_may_see_what_is_withheld(folder: Path) -> None:
    withheld = {column for columns in WITHHELD.values() for column in columns}

    assert not withheld & set(FEATURES)
    for version in ("v1", "v2"):
        names = json.loads((folder / f"{version}.json").read_text())["learner"]["feature_names"]
        assert tuple(names) == FEATURES


def test_the_documents_tell_the_measured_facts(folder: Path) -> None:
    facts = json.loads((folder / "facts.json").read_text())

    assert "0.75 [0.65, 0.84], n = 307" in fairness_assessment(facts)
    for text in (
        model_card(facts),
        model_card(facts, "v1"),
        data_sheet(facts),
        oversight_instructions(facts),
    ):
        assert text.startswith("# ")
        assert "compliant" not in text
