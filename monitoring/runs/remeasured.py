"""Whether an answer has measured again what another one found: what was not measured closes nothing."""

from __future__ import annotations

from uuid import UUID

from monitoring.checks.drift_chance import is_unsaid
from monitoring.runs.models import Measurement

SEVERITIES = {"failed": "red", "amber": "amber"}
GREEN, UNMEASURED = frozenset({"passed", "uncertain"}), "insufficient_data"
SEEN_BY = {
    "type_changed": "missing_share",
    "became_constant": "missing_share",
    "kill_left_open": "kill_seconds",
}
"""Figures that are told only where there is something to tell: by which figure beside them one knows that it was looked for."""

Figures = dict[tuple[str, str], tuple[float | None, str]]
"""Value and verdict of each metric and subject; where chance alone may have brought it beyond its limit, that of too few rows."""


def outcome(found_by: UUID | None, run_id: UUID, verdict: str) -> str:
    """What an answer makes of what the run `found_by` found: "passed", "within", "continued", or "" for nothing.

    A pass has measured everything that it was asked. Of an uncertain answer each bad figure has to be there again and within
    its limits: "within". Another bad answer takes it over, unless a bad figure of before was not measured this time.
    """
    if verdict == "passed":
        return "passed"
    bad, now = _bad(found_by), _figures(run_id)
    if verdict in SEVERITIES:
        return "continued" if all(_is_measured(now, *each) for each in bad) else ""
    return "within" if bad and all(_is_within(now, *each) for each in bad) else ""


def _bad(run_id: UUID | None) -> list[tuple[str, str]]:
    """Metric and subject of what was beyond a limit; of an answer without figures nothing is known."""
    return [key for key, (_value, verdict) in _figures(run_id).items() if verdict in SEVERITIES]


def _figures(run_id: UUID | None) -> Figures:
    rows = Measurement.objects.filter(result__run_id=run_id) if run_id else Measurement.objects.none()
    told = rows.values_list("metric", "subject", "value", "limit", "verdict")
    return {
        (metric, subject): (value, UNMEASURED if is_unsaid(metric, value, limit, verdict) else verdict)
        for metric, subject, value, limit, verdict in told
    }


def _is_measured(now: Figures, metric: str, subject: str) -> bool:
    value, verdict = now.get((metric, subject), (None, ""))
    return (value is not None and verdict != UNMEASURED) or _is_looked_for(now, metric, subject)


def _is_within(now: Figures, metric: str, subject: str) -> bool:
    if (metric, subject) in now:
        value, verdict = now[metric, subject]
        return value is not None and verdict in GREEN
    return _is_looked_for(now, metric, subject)


def _is_looked_for(now: Figures, metric: str, subject: str) -> bool:
    """Nothing of the kind is told, and the figure that is told whenever it was looked for is there."""
    by = SEEN_BY.get(metric)
    return (
        by is not None and (metric, subject) not in now and now.get((by, subject), (None, ""))[0] is not None
    )
