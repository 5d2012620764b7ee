"""An order log measured: message rate, messages for a trade, limits, kill switch, and whether the gain is more than luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitoring.engines import trading_kill, trading_messages, trading_sharpe
from monitoring.engines.intervals import Estimate
from monitoring.engines.order_log import MESSAGES, Log, opened
from monitoring.engines.results import plain
from monitoring.engines.scoring import Progress, silent
from monitoring.engines.trading_kill import Kills
from monitoring.engines.trading_messages import Rate, Ratio, Size
from monitoring.engines.trading_sharpe import Sharpe
from monitoring.engines.versions import versions

METHOD = {
    "instrument": "duckdb, all rows",
    "messages": "new, changed and cancelled orders; trades and the kill switch are none",
    "rate": "the fullest second that ends with a message; p99 of the whole seconds with a message",
    "ratio": "messages by trades of an algorithm and day; a day without a trade counts as one trade",
    "position": "from zero at the first row, by algorithm and instrument, at the price of the trade",
    "kill": "until the last message before it is switched on again, else before the day ends",
    "sharpe": "Bailey and López de Prado (2014), daily gains, 252 days a year",
    "interval": "Wilson for shares, Mertens for the Sharpe ratio, 95 %",
}
DECLARED = (*trading_messages.SIZES, "trials", "trials_variance")
"""Limits that the sums rest on."""


@dataclass(frozen=True)
class TradingResult:
    """messages, trades: of the whole log. sharpe: None where the log tells no gains. limits: those that the sums rest on."""

    messages: int
    trades: int
    rates: list[Rate]
    ratios: list[Ratio]
    sizes: list[Size]
    busiest_day: int
    days: int
    unregistered: Estimate
    kills: Kills
    sharpe: Sharpe | None
    limits: dict[str, float | None]
    registered: list[str]
    inputs: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the method by name."""
        return {"kind": "trading", "method": METHOD, **plain(self)}


def measure(
    path: Path,
    *,
    time: str,
    columns: Mapping[str, str],
    values: Mapping[str, Sequence[str]],
    limits: Mapping[str, float | None],
    registered: Sequence[str] = (),
    inputs: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> TradingResult:
    """registered: the algorithms that the register lists. Raises MissingColumns, CannotMeasure."""
    with opened(path, time, columns, values) as log:
        return _measured(log, {key: limits.get(key) for key in DECLARED}, list(registered), inputs, progress)


def _measured(
    log: Log,
    limits: dict[str, float | None],
    registered: list[str],
    inputs: Mapping[str, str] | None,
    progress: Progress,
) -> TradingResult:
    counted = f"SELECT count(*) FILTER ({MESSAGES}), count(*) FILTER (kind = 'trade') FROM log"  # noqa: S608
    [(messages, trades)] = log.rows(counted)
    rates = trading_messages.rates(log)
    progress(40, "trading")
    sizes = trading_messages.sizes(log, limits)
    progress(70, "trading")
    most, days = trading_messages.busiest_day(log)
    has_gains = log.has("gain")
    return TradingResult(
        messages=int(messages),
        trades=int(trades),
        rates=rates,
        ratios=trading_messages.ratios(log),
        sizes=sizes,
        busiest_day=most,
        days=days,
        unregistered=trading_messages.unregistered(log, registered),
        kills=trading_kill.kills(log),
        sharpe=trading_sharpe.of_log(log, limits["trials"], limits["trials_variance"]) if has_gains else None,
        limits=limits,
        registered=sorted(registered),
        inputs=dict(inputs or {}),
        libraries=versions("duckdb", "pyarrow"),
    )
