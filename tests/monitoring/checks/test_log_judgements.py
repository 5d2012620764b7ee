"""How the checks of logs judge: what breaks a limit is red, what was not measured is never green."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from monitoring.checks import CHECKS
from tests.monitoring.checks.saying import said

TRADING, LOG = CHECKS["trading"], CHECKS["decision_log"]


def share(value: float | None, n: int = 100) -> dict[str, Any]:
    return {"value": value, "low": value, "high": value, "n": n}


ORDERS: dict[str, Any] = {
    "messages": 1000,
    "trades": 100,
    "rates": [
        {
            "algorithm": "A",
            "largest": 12,
            "p99": 8.0,
            "seconds": 200,
            "messages": 1000,
            "at": "2026-10-05T11:00:00",
        }
    ],
    "ratios": [{"algorithm": "A", "overall": 10.0, "largest": 15.0, "messages": 1000}],
    "sizes": [
        {
            "key": "order_value",
            "algorithm": "A",
            "largest": 900.0,
            "limit": 800.0,
            "beyond": share(0.01),
            "n": 500,
        }
    ],
    "busiest_day": 80,
    "days": 20,
    "unregistered": share(0.0, 1000),
    "kills": {"n": 2, "largest": 1.5, "p95": 1.4, "left_open": share(0.0, 4)},
    "sharpe": None,
}
SHARPE = {
    "days": 250,
    "sharpe": share(2.0, 250),
    "skew": 0.1,
    "kurtosis": 3.2,
    "probabilistic": 0.99,
    "deflated": 0.97,
    "benchmark": 1.1,
    "trials": 20,
}
DECISIONS: dict[str, Any] = {
    "rows": 400,
    "complete": share(1.0, 400),
    "missing": {"input": share(0.0, 400)},
    "repeated_ids": share(0.0, 400),
    "numbers": share(0.0, 400),
    "silences": [{"hours": 14.0, "since": "", "until": ""}],
    "unapproved": share(0.0, 400),
    "suspended": share(0.0, 400),
    "overridden": {"value": 0.1, "low": 0.07, "high": 0.13, "n": 400},
}


def changed(of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**copy.deepcopy(of), **more}


def verdict_of(judged, metric: str) -> str:
    return next(each.verdict for each in judged.measurements if each.metric == metric)


@pytest.mark.parametrize(
    ("limits", "metric"),
    [
        ({"messages_per_second": 11}, "messages_per_second"),
        ({"order_to_trade": 14.0}, "order_to_trade"),
        ({"order_value": 800.0}, "order_value"),
        ({"orders_per_day": 79}, "orders_per_day"),
        ({"kill_seconds": 1.0}, "kill_seconds"),
    ],
)
def test_each_broken_limit_is_red_and_the_sentence_names_it(limits, metric):
    judged = TRADING.judge(ORDERS, limits)
    assert (judged.verdict, verdict_of(judged, metric)) == ("failed", "failed")
    assert "Limits are broken" in said(TRADING, judged)
    kept = {key: value * 2 for key, value in limits.items()}
    assert TRADING.judge(ORDERS, kept).verdict == "passed"


def test_without_a_limit_a_figure_is_only_reported():
    judged = TRADING.judge(ORDERS, {})
    told = {each.metric: each.verdict for each in judged.measurements}
    assert {told[each] for each in ("messages_per_second", "order_to_trade", "order_value")} == {"reported"}
    assert judged.verdict == "passed" and "silent within 1.5 seconds" in said(TRADING, judged)


def test_without_a_kill_switch_in_the_log_that_part_is_not_measured_and_nothing_is_green():
    none = {"n": 0, "largest": None, "p95": None, "left_open": share(None, 0)}
    judged = TRADING.judge(changed(ORDERS, kills=none), {"messages_per_second": 20})
    assert (verdict_of(judged, "kill_seconds"), judged.verdict) == ("insufficient_data", "uncertain")
    silent = TRADING.judge(changed(ORDERS, kills=none, unregistered=share(None)), {})
    assert (silent.verdict, silent.summary_key) == ("insufficient_data", "nothing_judged")


def test_an_order_left_open_or_an_unregistered_algorithm_is_red():
    left = changed(ORDERS, kills={**ORDERS["kills"], "left_open": share(0.25, 4)})
    assert TRADING.judge(left, {}).verdict == "failed"
    assert TRADING.judge(changed(ORDERS, unregistered=share(0.001)), {}).verdict == "failed"
    unknown = TRADING.judge(changed(ORDERS, unregistered=share(None)), {})
    assert (verdict_of(unknown, "unregistered_messages"), unknown.verdict) == (
        "insufficient_data",
        "uncertain",
    )


def test_few_messages_are_too_few_for_a_pass_but_not_for_a_broken_limit():
    few = changed(ORDERS, messages=20)
    assert TRADING.judge(few, {}).verdict == "insufficient_data"
    assert TRADING.judge(few, {"messages_per_second": 11}).verdict == "failed"


@pytest.mark.parametrize(
    ("sharpe", "verdict"),
    [
        ({}, "passed"),
        ({"deflated": 0.94}, "amber"),
        ({"deflated": None, "trials": None, "benchmark": None}, "insufficient_data"),
        ({"days": 29}, "insufficient_data"),
    ],
)
def test_a_gain_that_may_be_luck_is_amber_and_an_undeclared_number_of_trials_never_green(sharpe, verdict):
    judged = TRADING.judge(changed(ORDERS, sharpe=SHARPE | sharpe), {})
    assert verdict_of(judged, "deflated_sharpe") == verdict
    assert judged.verdict == ("uncertain" if verdict == "insufficient_data" else verdict)
    said(TRADING, judged)


def test_other_limits_can_be_tried_on_the_answers_on_file():
    was = TRADING.judge(ORDERS, {"order_value": 800.0})
    assert any(each.metric == "order_value_beyond" for each in was.measurements)
    then = TRADING.judge_again(ORDERS, {"order_value": 800.0}, {"order_value": 1000.0})
    assert then is not None and then.verdict == "passed"
    assert not any(each.metric == "order_value_beyond" for each in then.measurements)
    with_gains = changed(ORDERS, sharpe=SHARPE)
    assert TRADING.judge_again(with_gains, {"trials": 20}, {"trials": 40}) is None
    assert TRADING.judge_again(with_gains, {"trials": 20}, {"trials": 20, "kill_seconds": 1}) is not None


def test_a_whole_decision_log_passes():
    judged = LOG.judge(DECISIONS, {})
    assert judged.verdict == "passed" and "400 decisions is whole" in said(LOG, judged)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ({"complete": share(0.98)}, "failed"),
        ({"repeated_ids": share(0.001)}, "failed"),
        ({"numbers": share(0.001)}, "failed"),
        ({"unapproved": share(0.001)}, "failed"),
        ({"suspended": share(0.001)}, "failed"),
        ({"silences": [{"hours": 73.0}]}, "amber"),
        ({"unapproved": share(None), "suspended": share(None)}, "uncertain"),
        ({"rows": 49}, "insufficient_data"),
        ({"rows": 49, "suspended": share(0.1)}, "failed"),
        ({"numbers": None}, "passed"),
    ],
)
def test_each_hole_has_its_colour(found, verdict):
    judged = LOG.judge(changed(DECISIONS, **found), {})
    assert judged.verdict == verdict and said(LOG, judged)


def test_a_limit_of_overrides_is_judged_with_its_interval():
    assert verdict_of(LOG.judge(DECISIONS, {"override_most": 0.12}), "override_rate") == "uncertain"
    assert verdict_of(LOG.judge(DECISIONS, {"override_most": 0.09}), "override_rate") == "failed"
    assert verdict_of(LOG.judge(DECISIONS, {}), "override_rate") == "reported"
