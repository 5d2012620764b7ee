"""The sums over an order log, against a plain second implementation, figures on paper and the published example."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from monitoring.engines import trading, trading_sharpe
from monitoring.engines.refusals import CannotMeasure, MissingColumns
from monitoring.engines.results import digest
from monitoring.engines.trading_sharpe import DAYS_OF_A_YEAR, Moments, luck, probabilistic
from tests.monitoring.engines import order_logs as logs

AT = datetime(2026, 10, 5, 11, 0)  # noqa: DTZ001  # a log tells the time of its own clock


def measured(rows, tmp_path, *, limits=None, registered=(), columns=None, values=None):
    path = logs.as_parquet(rows, tmp_path / "log.parquet")
    return trading.measure(
        path,
        time="at",
        columns=columns or logs.COLUMNS,
        values=values or logs.VALUES,
        limits=limits or {},
        registered=registered,
    )


def row(seconds: float, msg: str, algo: str | None = "A", **more):
    return {"at": AT + timedelta(seconds=seconds), "msg": msg, "algo": algo, **more}


@pytest.fixture(scope="module")
def busy():
    return logs.busy()


@pytest.fixture(scope="module")
def result(busy, tmp_path_factory):
    return measured(busy, tmp_path_factory.mktemp("busy"), limits={"order_value": 40_000.0})


@pytest.mark.parametrize("algorithm", ["MM-1", "MM-2"])
def test_rates_are_those_of_a_plain_second_implementation(busy, result, algorithm):
    [rate] = [each for each in result.rates if each.algorithm == algorithm]
    seconds = logs.in_whole_seconds(busy, algorithm)
    assert rate.largest == logs.fullest_second(busy, algorithm) > max(seconds)
    assert rate.p99 == pytest.approx(np.quantile(seconds, 0.99))
    assert (rate.seconds, rate.messages) == (len(seconds), sum(seconds))
    [ratio] = [each for each in result.ratios if each.algorithm == algorithm]
    assert ratio.largest == pytest.approx(logs.worst_ratio(busy, algorithm))
    assert ratio.overall == pytest.approx(ratio.messages / ratio.trades)


@pytest.mark.parametrize("algorithm", ["MM-1", "MM-2"])
def test_sizes_are_those_of_a_plain_second_implementation(busy, result, algorithm):
    sizes = {each.key: each for each in result.sizes if each.algorithm == algorithm}
    orders = [each for each in busy if each["msg"] == "NEW" and each["algo"] == algorithm]
    values = [each["qty"] * each["px"] for each in orders]
    assert sizes["order_quantity"].largest == max(each["qty"] for each in orders)
    assert sizes["order_value"].largest == pytest.approx(max(values))
    beyond = sizes["order_value"].beyond
    assert (beyond.value, beyond.n) == (sum(each > 40_000 for each in values) / len(values), len(values))
    assert 0 < beyond.low < beyond.value < beyond.high < 1
    assert sizes["position_value"].largest == pytest.approx(logs.largest_position(busy, algorithm))
    assert sizes["price_collar"].largest == pytest.approx(max(abs(each["px"] / 1000 - 1) for each in orders))
    assert sizes["order_quantity"].beyond is None


def test_the_kill_switch_is_timed_to_the_last_message_before_it_is_switched_on_again(result):
    kills = result.kills
    assert (kills.n, kills.largest, kills.p95) == (1, 1.25, 1.25)
    assert (kills.left_open.value, kills.left_open.n) == (pytest.approx(1 / 3), 3)
    assert [(each.algorithm, each.messages) for each in kills.slowest] == [("MM-1", 2)]


def test_a_log_without_a_kill_switch_measures_none(tmp_path):
    kills = measured(logs.busy(days=2, kills=False), tmp_path).kills
    assert (kills.n, kills.largest, kills.p95, kills.left_open.value) == (0, None, None, None)


def test_one_switch_may_stop_all_algorithms_and_each_is_timed(tmp_path):
    order = {"qty": 5, "px": 10.0, "order_id": "1"}
    rows = [
        row(0, "NEW", "A", **order),
        row(0, "NEW", "B", **order),
        row(10, "KILL", None),
        row(12, "CXL", "A", **order),
        row(10 + 86_400, "NEW", "B", qty=1, px=1.0, order_id="2"),
    ]
    kills = measured(rows, tmp_path).kills
    assert [(each.algorithm, each.seconds) for each in kills.slowest] == [("A", 2.0), ("B", 0.0)]
    assert (kills.n, kills.largest, kills.p95) == (2, 2.0, pytest.approx(1.9))
    assert (kills.left_open.value, kills.left_open.n) == (0.5, 2)


def test_what_has_traded_or_was_cancelled_before_is_not_open_at_the_switch(tmp_path):
    rows = [
        row(0, "NEW", qty=10, px=1.0, order_id="filled"),
        row(1, "FILL", qty=4, px=1.0, order_id="filled"),
        row(2, "FILL", qty=6, px=1.0, order_id="filled"),
        row(3, "NEW", qty=10, px=1.0, order_id="cut"),
        row(4, "CXL", qty=10, px=1.0, order_id="cut"),
        row(5, "NEW", qty=10, px=1.0, order_id="half"),
        row(6, "FILL", qty=5, px=1.0, order_id="half"),
        row(7, "KILL"),
    ]
    left = measured(rows, tmp_path).kills.left_open
    assert (left.value, left.n) == (1.0, 1)


def test_a_second_is_open_at_its_beginning(tmp_path):
    """Four on paper: messages at 0, 0.4, 0.999999 and 1 s. The fullest second holds three."""
    rows = [row(at, "NEW", qty=1, px=1.0, order_id=str(at)) for at in (0, 0.4, 0.999999, 1)]
    [rate] = measured(rows, tmp_path).rates
    assert (rate.largest, rate.at) == (3, "2026-10-05T11:00:00")


def test_a_day_without_a_trade_counts_as_one_trade(tmp_path):
    rows = [row(at, "NEW", qty=1, px=1.0, order_id=str(at)) for at in range(7)]
    [ratio] = measured(rows, tmp_path).ratios
    assert (ratio.largest, ratio.overall, ratio.days_without_trade) == (7.0, None, 1)


def test_messages_of_algorithms_that_nobody_registered_are_counted(busy, tmp_path):
    some = busy[:500]
    sent = [each["algo"] for each in some if each["msg"] in logs.MESSAGES]
    found = measured(some, tmp_path, registered=["MM-1"]).unregistered
    assert (found.value, found.n) == (sent.count("MM-2") / len(sent), len(sent))
    assert measured(some, tmp_path).unregistered.value is None


def test_what_the_log_does_not_tell_is_left_out(busy, tmp_path):
    few = {key: logs.COLUMNS[key] for key in ("event", "algorithm", "order", "quantity", "price")}
    values = {key: logs.VALUES[key] for key in ("order", "cancel", "trade", "kill", "start", "change")}
    found = measured(busy, tmp_path, columns=few, values=values)
    assert {each.key for each in found.sizes} == {"order_quantity", "order_value"}
    assert found.sharpe is None


def test_the_same_log_gives_the_same_digest(busy, tmp_path):
    first, second = (digest(measured(busy, tmp_path).to_dict()) for _time in range(2))
    assert first == second


def test_a_log_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(MissingColumns):
        measured([row(0, "NEW")], tmp_path, columns={**logs.COLUMNS, "gain": "elsewhere"})
    many = [row(at, "NEW", f"A{at}", qty=1, px=1.0, order_id="1") for at in range(201)]
    with pytest.raises(CannotMeasure) as refused:
        measured(many, tmp_path)
    assert refused.value.rule == "too_many_algorithms"


@pytest.mark.parametrize(("trials", "expected"), [(100, 0.9004), (46, 0.9505)])
def test_the_deflated_sharpe_ratio_is_that_of_the_published_example(trials, expected):
    """Bailey and López de Prado (2014): 2.5 a year over 1,250 days, variance 0.5 a year, skewness -3, kurtosis 10."""
    strategy = Moments(1250, 2.5 / math.sqrt(250), -3.0, 10.0)
    benchmark = luck(trials, 0.5 / 250)
    assert benchmark is not None
    assert probabilistic(strategy, benchmark) == pytest.approx(expected, abs=5e-5)
    if trials == 100:
        assert benchmark == pytest.approx(0.1132, abs=5e-5)


def test_with_normal_gains_the_example_would_bear_88_trials():
    strategy = Moments(1250, 2.5 / math.sqrt(250), 0.0, 3.0)
    assert probabilistic(strategy, luck(88, 0.5 / 250) or 0.0) == pytest.approx(0.9505, abs=5e-4)


def test_moments_are_those_of_scipy(busy):
    gains = logs.daily_gains(busy)
    found = trading_sharpe.moments(gains)
    assert found is not None and found.n == len(gains)
    assert found.sharpe == pytest.approx(np.mean(gains) / np.std(gains, ddof=1))
    assert (found.skew, found.kurtosis) == pytest.approx(
        (stats.skew(gains), stats.kurtosis(gains, fisher=False))
    )


def test_gains_are_added_up_by_day_and_carry_an_interval(busy, tmp_path):
    found = measured(busy, tmp_path, limits={"trials": 20, "trials_variance": 0.5}).sharpe
    gains = logs.daily_gains(busy)
    told = trading_sharpe.of_gains(gains, 20, 0.5)
    assert found.days == len(gains) == 40 and found.sharpe.low < found.sharpe.value < found.sharpe.high
    assert found.sharpe.value == pytest.approx(
        np.mean(gains) / np.std(gains, ddof=1) * math.sqrt(DAYS_OF_A_YEAR)
    )
    assert found.deflated == pytest.approx(told.deflated) and found.deflated < found.probabilistic


@pytest.mark.parametrize(
    ("trials", "variance", "measured_"),
    [
        (None, 0.5, False),
        (20, None, False),
        (0.0, 0.5, False),
        (0.5, 0.5, False),
        (1, None, True),
        (20, 0.5, True),
    ],
)
def test_without_what_is_declared_of_the_trials_nothing_is_deflated(trials, variance, measured_):
    found = trading_sharpe.of_gains([1.0, 2.0, -1.0, 3.0, 0.5], trials, variance)
    assert (found.deflated is not None) is measured_
    assert found.probabilistic is not None


@pytest.mark.parametrize("gains", [[], [1.0], [1.0, 2.0], [1.0] * 50])
def test_too_few_or_equal_gains_have_no_sharpe_ratio(gains):
    found = trading_sharpe.of_gains(gains, 20, 0.5)
    assert (found.sharpe.value, found.deflated, found.days) == (None, None, len(gains))
