"""Do the algorithms keep to their limits, stop when they are told to, and earn more than luck would?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import (
    Check,
    FactVerdict,
    Inputs,
    Judged,
    Limit,
    Limits,
    MeasurementFact,
    against,
)
from monitoring.checks.grading import NOTHING, fact, of_all
from monitoring.checks.trading_words import HOW, LIMITS, SUMMARIES, WHEN_BAD, WHOLE_FROM

NAMED = 5
"""How many algorithms a sentence names."""
TROUBLES: Mapping[str, tuple[str, ...]] = {
    "rate": ("messages_per_second",),
    "ratio": ("order_to_trade",),
    "size": ("order_quantity", "order_value", "price_collar"),
    "position": ("position_value",),
}
"""What a sentence groups the figures by."""
UNITS = {
    "order_quantity": "pieces",
    "order_value": "money",
    "position_value": "money",
    "price_collar": "share",
}
FROM_TRIALS = ("trials", "trials_variance")


def measure(inputs: Inputs) -> dict[str, Any]:
    """The whole order log of the current data period, over all rows."""
    from monitoring.engines import trading

    assert inputs.current is not None
    return trading.measure(
        inputs.current,
        time=inputs.time,
        columns=inputs.log_columns,
        values=inputs.log_values,
        limits=CHECK.limits_of(inputs.limits),
        registered=inputs.register.get("algorithms", ()),
        inputs=inputs.digests,
        progress=inputs.progress,
    ).to_dict()


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """A broken limit speaks for all, in however few messages; what was not measured is never on the side of passed."""
    facts = [
        *_rate_facts(result, limits),
        *_size_facts(result, limits),
        *_day_facts(result, limits),
        *_kill_facts(result["kills"], limits),
        *_sharpe_facts(result["sharpe"], limits),
    ]
    verdict, params = of_all(facts), _params(result, facts, limits)
    if verdict == "failed":
        return Judged(verdict, facts, verdict, params)
    if result["messages"] < limits["fewest_messages"]:
        return Judged("insufficient_data", facts, "insufficient_data", params)
    return Judged(verdict, facts, "nothing_judged" if verdict == "insufficient_data" else verdict, params)


def retold(result: Mapping[str, Any], former: Limits, chosen: Limits) -> Mapping[str, Any] | None:
    """Only the deflated Sharpe ratio rests on what is declared of the trials."""
    same = result["sharpe"] is None or all(former[key] == chosen[key] for key in FROM_TRIALS)
    return result if same else None


def _counted(
    metric: str, subject: str, value: float | None, n: int, unit: str, limit: float | None
) -> MeasurementFact:
    """A figure over all rows, which has no error of its own."""
    verdict = against("at_most", limit, value, value, value)
    return MeasurementFact(metric, subject, value, None, None, n, unit, limit, verdict)


def _rate_facts(result: Mapping[str, Any], limits: Limits) -> Iterator[MeasurementFact]:
    for each in result["rates"]:
        name, n = each["algorithm"], each["messages"]
        yield _counted(
            "messages_per_second", name, each["largest"], n, "messages", limits["messages_per_second"]
        )
        yield _counted("messages_per_second_p99", name, each["p99"], each["seconds"], "messages", None)
    for each in result["ratios"]:
        name, n = each["algorithm"], each["messages"]
        yield _counted("order_to_trade", name, each["largest"], n, "ratio", limits["order_to_trade"])
        yield _reported("order_to_trade_overall", name, each["overall"], n, "ratio")


def _size_facts(result: Mapping[str, Any], limits: Limits) -> Iterator[MeasurementFact]:
    for each in result["sizes"]:
        key, limit = each["key"], limits[each["key"]]
        yield _counted(key, each["algorithm"], each["largest"], each["n"], UNITS[key], limit)
        if each["beyond"] is not None and each["limit"] == limit:
            yield fact(f"{key}_beyond", each["algorithm"], each["beyond"], "share")


def _day_facts(result: Mapping[str, Any], limits: Limits) -> Iterator[MeasurementFact]:
    most = result["busiest_day"]
    yield _counted("orders_per_day", "", most, result["days"], "rows", limits["orders_per_day"])
    yield _share("unregistered_messages", result["unregistered"])


def _kill_facts(kills: Mapping[str, Any], limits: Limits) -> Iterator[MeasurementFact]:
    """Without a kill switch in the log there is nothing to say, and that is never green."""
    n, limit = kills["n"], limits["kill_seconds"]
    if n:
        yield _counted("kill_seconds", "", kills["largest"], n, "seconds", limit)
        yield _reported("kill_seconds_p95", "", kills["p95"], n, "seconds")
        if kills["left_open"]["n"]:
            yield _share("kill_left_open", kills["left_open"])
    else:
        yield MeasurementFact("kill_seconds", "", None, None, None, 0, "seconds", limit, "insufficient_data")


def _share(metric: str, found: Mapping[str, Any]) -> MeasurementFact:
    """A share of which any is too much. It is counted over all, so its interval turns no pass."""
    value = found["value"]
    return fact(metric, "", found, "share", 0.0, against("at_most", 0.0, value, value, value))


def _sharpe_facts(found: Mapping[str, Any] | None, limits: Limits) -> Iterator[MeasurementFact]:
    if found is None:
        return
    n = found["days"]
    yield fact("sharpe_ratio", "", found["sharpe"], "ratio")
    for metric in ("skew", "kurtosis", "probabilistic"):
        yield _reported(f"sharpe_{metric}", "", found[metric], n, "ratio")
    if found["benchmark"] is not None:
        yield _reported("sharpe_benchmark", "", found["benchmark"], found["trials"], "ratio")
    limit, value = limits["deflated_sharpe"], found["deflated"]
    yield MeasurementFact(
        "deflated_sharpe", "", value, None, None, n, "share", limit, _deflated(value, n, limits)
    )


def _deflated(value: float | None, days: int, limits: Limits) -> FactVerdict:
    if value is None or days < limits["fewest_days"]:
        return "insufficient_data"
    return "passed" if value >= limits["deflated_sharpe"] else "amber"


def _reported(metric: str, subject: str, value: float | None, n: int, unit: str) -> MeasurementFact:
    return MeasurementFact(metric, subject, value, None, None, n, unit, None, "reported")


def _params(result: Mapping[str, Any], facts: Sequence[MeasurementFact], limits: Limits) -> dict[str, Any]:
    broken = [each for each in facts if each.verdict == "failed"]
    by_trouble = {
        name: ", ".join(dict.fromkeys(each.subject for each in broken if each.metric in metrics)) or NOTHING
        for name, metrics in TROUBLES.items()
    }
    sharpe, kills = result["sharpe"] or {}, result["kills"]
    return {
        **{name: _shortened(names) for name, names in by_trouble.items()},
        "messages": result["messages"],
        "n": result["messages"],
        "algorithms": len(result["rates"]),
        "fewest": limits["fewest_messages"],
        "busiest": result["busiest_day"],
        "unregistered": result["unregistered"]["value"],
        "kills": kills["n"],
        "slowest": kills["largest"],
        "left_open": kills["left_open"]["value"],
        "days": sharpe.get("days"),
        "deflated": sharpe.get("deflated"),
        "value": sharpe.get("deflated"),
    }


def _shortened(names: str) -> str:
    each = names.split(", ")
    return names if len(each) <= NAMED else f"{', '.join(each[:NAMED])} + {len(each) - NAMED}"


CHECK = Check(
    key="trading",
    version=1,
    title=_("Trading: limits, message rate and kill switch"),
    question=_(
        "Do the algorithms keep to their limits, stop at once when they are told to, and earn more than luck would?"
    ),
    how=HOW,
    when_bad=WHEN_BAD,
    unit="messages",
    evidence="check:trading",
    needs=("current",),
    kind="orders",
    limits=tuple(replace(Limit(*said), whole_from=WHOLE_FROM.get(said[0])) for said in LIMITS),
    summaries=SUMMARIES,
    measure=measure,
    judgement=judge,
    retold=retold,
)
