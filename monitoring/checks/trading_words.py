"""What the check of an order log says: its limits with where they come from, and its sentences. Holds no check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HOW = _(
    "DuckDB counts over all rows of the order log: for each algorithm its fullest second, messages for a trade, sizes, "
    "prices and positions, and what was still sent after the kill switch. The Sharpe ratio of the daily gains is deflated "
    "by the declared number of trials, after Bailey and López de Prado (2014). Intervals are of 95 per cent, Wilson's for "
    "shares and Mertens's for the Sharpe ratio; a largest value has none."
)
WHEN_BAD = _(
    "Red: an algorithm went beyond a limit, is not registered, or did not stop as it should after the kill switch. Amber: "
    "the gain may be luck. Neither proves manipulation or a loss, and a mistake in the log looks the same: find the "
    "messages together with the desk, and keep the algorithm stopped until the cause is known."
)
NO_CUSTOM = _(
    "No number is customary: it depends on the venue and the instrument. Without a limit this is reported and not judged. Set "
    "the one of your sheet of trading limits; RTS 6, Art. 15 names the kinds of limits, not their size."
)
STATED = _(
    "Taken from what the registration states of this model, where it does. Without a limit this is reported and not judged."
)
KILL = _(
    "RTS 6, Art. 12 asks that all open orders can be cancelled at once and names no time. Five seconds are a convention of this "
    "house, after the alerts within five seconds of Art. 16."
)
TRIALS = _(
    "How many variants were tried before this one was chosen: the best of many looks good by luck alone. Declared by the firm; "
    "without it the deflated Sharpe ratio is not measured."
)
VARIANCE = _(
    "Variance of the yearly Sharpe ratios of all the variants that were tried. Declared by the firm; without it the deflated "
    "Sharpe ratio is not measured, unless there was a single trial."
)
DEFLATED = _(
    "The probability that the strategy is better than the best of so many trials without skill. Below 0.95 it is amber: the "
    "level of Bailey and López de Prado (2014), not a rule of law."
)
FEW_MESSAGES = _(
    "Fewer messages say next to nothing of a rate. 50 is a convention; a broken limit counts in any number."
)
FEW_DAYS = _("With fewer days the Sharpe ratio is hardly known at all. 30 is a convention of this house.")

LIMITS: tuple[tuple[Any, ...], ...] = (
    ("messages_per_second", _("Most messages of an algorithm in a second"), None, NO_CUSTOM, "at_most"),
    ("order_to_trade", _("Most messages for a trade, of an algorithm in a day"), None, NO_CUSTOM, "at_most"),
    ("order_quantity", _("Largest quantity of an order"), None, NO_CUSTOM, "at_most"),
    ("order_value", _("Largest value of an order"), None, STATED, "at_most"),
    ("price_collar", _("Farthest price from the reference price, as a share"), None, NO_CUSTOM, "at_most"),
    ("position_value", _("Largest position in an instrument"), None, STATED, "at_most"),
    ("orders_per_day", _("Most new orders in a day"), None, STATED, "at_most"),
    ("kill_seconds", _("Seconds until silence after the kill switch"), 5.0, KILL, "at_most"),
    ("trials", _("Trials before this strategy was chosen"), None, TRIALS),
    ("trials_variance", _("Variance of the Sharpe ratios of the trials"), None, VARIANCE),
    ("deflated_sharpe", _("Deflated Sharpe ratio: amber below"), 0.95, DEFLATED, "at_least"),
    ("fewest_messages", _("Fewest messages"), 50, FEW_MESSAGES),
    ("fewest_days", _("Fewest days of the Sharpe ratio"), 30, FEW_DAYS),
)
WHOLE_FROM = {"trials": 1}
"""Limits that are whole numbers, and the least that each may be."""

SUMMARIES: dict[str, StrOrPromise] = {
    "passed": _(
        "%(algorithms)s algorithms sent %(messages)s messages and kept to every limit that is set. After each of %(kills)s "
        "uses of the kill switch they were silent within %(slowest)s seconds. Deflated Sharpe ratio: %(deflated)s."
    ),
    "uncertain": _(
        "No limit is broken in %(messages)s messages of %(algorithms)s algorithms, but not everything was measured. Uses of "
        "the kill switch: %(kills)s, the slowest after %(slowest)s seconds. Share of messages of unregistered algorithms: "
        "%(unregistered)s. Deflated Sharpe ratio: %(deflated)s. A dash: not measured."
    ),
    "amber": _(
        "No limit is broken in %(messages)s messages, but the gain may be luck: over %(days)s days the deflated Sharpe ratio is "
        "%(deflated)s. Uses of the kill switch: %(kills)s, the slowest after %(slowest)s seconds. A dash: not measured."
    ),
    "failed": _(
        "Limits are broken. Messages a second: %(rate)s. Messages for a trade: %(ratio)s. Size or price of orders: %(size)s. "
        "Position: %(position)s. Most orders in a day: %(busiest)s. Share of messages of unregistered algorithms: "
        "%(unregistered)s. Uses of the kill switch: %(kills)s, the slowest after %(slowest)s seconds, share of orders left "
        "open: %(left_open)s. A dash: not measured."
    ),
    "insufficient_data": _(
        "No limit is broken, but the log holds only %(messages)s messages; at least %(fewest)s are needed."
    ),
    "nothing_judged": _(
        "%(messages)s messages were counted, but nothing could be judged: no limit is set and the kill switch was not used."
    ),
    "not_applicable": _("This check could not be asked: %(missing)s was not given."),
}
