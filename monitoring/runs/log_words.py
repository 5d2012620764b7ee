"""What the checks of logs say to people: their figures, what they need, and why they did not measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LOG_NEEDS: dict[str, StrOrPromise] = {
    "rows": _("a dataset of cases that the model decides"),
    "orders": _("an order log"),
    "decisions": _("a decision log"),
}
LOG_REFUSALS: dict[str, StrOrPromise] = {
    "log_without_moments": _("The column %(column)s holds no hours, minutes and seconds."),
    "too_many_algorithms": _(
        "The log names more than %(limit)s algorithms: these are not identifiers of algorithms."
    ),
}
LOG_METRICS: dict[str, StrOrPromise] = {
    "messages_per_second": _("Messages in the fullest second"),
    "messages_per_second_p99": _("Messages a second, 99 % of the seconds below"),
    "order_to_trade": _("Messages for a trade on the worst day"),
    "order_to_trade_overall": _("Messages for a trade, whole period"),
    "order_quantity": _("Largest quantity of an order"),
    "order_quantity_beyond": _("Orders beyond the limit of quantity"),
    "order_value": _("Largest value of an order"),
    "order_value_beyond": _("Orders beyond the limit of value"),
    "price_collar": _("Farthest price from the reference price"),
    "price_collar_beyond": _("Orders beyond the price collar"),
    "position_value": _("Largest position in an instrument"),
    "position_value_beyond": _("Trades with a position beyond the limit"),
    "orders_per_day": _("Most new orders in a day"),
    "unregistered_messages": _("Messages of unregistered algorithms"),
    "kill_seconds": _("Seconds until silence after the kill switch, the slowest"),
    "kill_seconds_p95": _("Seconds until silence after the kill switch, 95 % below"),
    "kill_left_open": _("Orders left open after the kill switch"),
    "sharpe_ratio": _("Sharpe ratio of a year"),
    "sharpe_skew": _("Skewness of the daily gains"),
    "sharpe_kurtosis": _("Kurtosis of the daily gains (normal: 3)"),
    "sharpe_probabilistic": _("Probabilistic Sharpe ratio, against zero"),
    "sharpe_benchmark": _("Best Sharpe ratio by luck, of the declared trials"),
    "deflated_sharpe": _("Deflated Sharpe ratio"),
    "complete_share": _("Complete decisions"),
    "missing_field_identifier": _("Decisions without a number"),
    "missing_field_version": _("Decisions without the version"),
    "missing_field_input": _("Decisions without the digest of the input"),
    "missing_field_output": _("Decisions without the output"),
    "missing_field_action": _("Decisions without what a person did"),
    "missing_field_operator": _("Decisions without the operator"),
    "repeated_decisions": _("Repeated numbers of decisions"),
    "missing_numbers": _("Missing running numbers"),
    "longest_silence": _("Longest silence, hours"),
    "unapproved_decisions": _("Decisions without a permission"),
    "suspended_decisions": _("Decisions during a suspension"),
    "override_rate": _("Decisions overridden by a person"),
}
