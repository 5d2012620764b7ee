"""When an explanation that moved, shakes or only stands in is amber, uncertain, or refused."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring.checks import CHECKS
from monitoring.checks.check import Inputs, Judged
from tests.monitoring.checks.saying import said
from tests.monitoring.checks.test_judgements import explained

EXPLANATION = CHECKS["explanation"]


def estimate(value: float | None, low: float | None = None, high: float | None = None) -> dict[str, Any]:
    return {
        "value": value,
        "low": value if low is None else low,
        "high": value if high is None else high,
        "n": 500,
    }


def stable(value: float, low: float) -> dict[str, Any]:
    return {"status": "measured", "agreement": {**estimate(value, low, 1.0), "n": 10}, "rankings": 10}


def moved(ndcg: float, low: float) -> dict[str, Any]:
    told = {"ndcg": estimate(ndcg, low, 1.0), "distance": estimate(0.3, 0.2, 0.4)}
    return {**told, "top_kept": 0.5, "top": 2, "left": ["age"], "rows": 900}


CLOSED = {"status": "not_supported", "agreement": estimate(None), "rankings": 0}


@pytest.mark.parametrize(
    ("changed", "verdict", "sentence"),
    [
        ({"stability": stable(0.95, 0.9), "moved": moved(0.99, 0.95)}, "passed", "passed"),
        ({"stability": stable(0.7, 0.6)}, "uncertain", "unstable_top"),
        ({"stability": stable(0.85, 0.7)}, "uncertain", "unstable_top"),
        ({"stability": CLOSED, "moved": moved(0.99, 0.95)}, "uncertain", "passed"),
        ({"stability": stable(0.95, 0.9), "moved": None}, "uncertain", "passed"),
        ({"stability": {**CLOSED, "status": "measured"}}, "passed", "passed"),  # one feature has no order
        ({"moved": moved(0.8, 0.7)}, "amber", "moved"),
        ({"fidelity": estimate(0.95, 0.93, 0.97)}, "passed", "passed_by_surrogate"),
        ({"fidelity": estimate(0.85, 0.75, 0.9)}, "uncertain", "nearly_unfaithful"),
        ({"fidelity": estimate(0.4, 0.3, 0.5)}, "failed", "unfaithful"),
        ({"fidelity": estimate(None)}, "insufficient_data", "nothing_to_repeat"),
        ({"fidelity": estimate(0.4, 0.3, 0.5), "moved": moved(0.8, 0.7)}, "failed", "unfaithful"),
    ],
)
def test_it_is_judged_by_what_it_is_worth(changed: dict[str, Any], verdict: str, sentence: str) -> None:
    judged = explained(**changed)
    assert (judged.verdict, judged.summary_key) == (verdict, sentence)
    assert said(EXPLANATION, judged)


def facts(judged: Judged) -> dict[str, Any]:
    return {each.metric: each for each in judged.measurements}


def test_the_figures_beside_the_limits_are_told_with_their_rows() -> None:
    told = facts(explained(stability=stable(0.95, 0.9), moved=moved(0.8, 0.7)))
    assert (told["top_agreement"].value, told["top_agreement"].n) == (0.95, 10)
    assert (told["attribution_ndcg"].limit, told["attribution_ndcg"].verdict) == (0.9, "amber")
    assert (told["attribution_distance"].value, told["attribution_distance"].verdict) == (0.3, "reported")
    assert (told["top_kept"].value, told["top_kept"].n) == (0.5, 2)
    assert "no longer leading: age" in said(EXPLANATION, explained(moved=moved(0.8, 0.7)))


def test_what_gave_no_figure_is_a_fact_and_the_sentence_names_it() -> None:
    blind = explained(stability=CLOSED, moved=None)
    told = facts(blind)
    for metric in ("top_agreement", "attribution_ndcg"):
        assert (told[metric].value, told[metric].n, told[metric].verdict) == (None, 0, "insufficient_data")
    assert "attribution_distance" not in told  # no limit is set, so it was not asked
    assert blind.params["not_measured"] == ["top_agreement", "attribution_ndcg"]
    assert "ranking is stable" not in said(EXPLANATION, blind)
    assert explained(stability=CLOSED, fidelity=estimate(0.4, 0.3, 0.5)).verdict == "failed"


def test_how_exact_the_ranking_is_is_told_with_its_rows_and_not_of_earlier_results() -> None:
    told = facts(explained(rank_error={"change": estimate(0.4, 0.1, 0.9), "top": 2}))["rank_error"]
    assert (told.value, told.low, told.high, told.n, told.unit) == (0.4, 0.1, 0.9, 500, "places")
    assert told.verdict == "reported"
    assert "rank_error" not in facts(explained())


def test_a_file_that_cannot_be_run_stays_closed_where_there_are_answers(tmp_path) -> None:
    model = tmp_path / "model.onnx"
    assert EXPLANATION.opens(Inputs(artefact=model, artefact_format="onnx")) is True
    assert EXPLANATION.opens(Inputs(artefact=model, artefact_format="onnx", score="score")) is False
    assert EXPLANATION.opens(Inputs(artefact=model, artefact_format="xgboost_json", score="score")) is True
    assert EXPLANATION.opens(Inputs(score="score")) is False
