"""What a worker does for a report: the files and methods go to a child, Evidently's page and its figures come back."""

from __future__ import annotations

from typing import Any

from governance import store
from monitoring.checks.drift import rule_of
from monitoring.engines.refusals import CannotMeasure
from monitoring.evidently_reports.models import EvidentlyReport
from monitoring.runs import compute
from monitoring.runs.apart import refused
from monitoring.runs.inputs import SEED
from monitoring.sandbox.talk import Beat


def answered(asked: EvidentlyReport, beat: Beat) -> dict[str, Any]:
    """As `engines.evidently_html.report`, or {"refused": rule, "params": …}. Raises Died, Lost, OSError, store.Damaged."""
    dataset = asked.window.dataset
    reference, current = (
        store.path(asked.organisation_id, each.measured_sha256) for each in (asked.reference, asked.window)
    )

    def made(progress: compute.Progress) -> dict[str, Any]:
        from monitoring.engines import evidently_html

        try:
            return evidently_html.report(
                reference,
                current,
                features=dataset.features,
                categorical=dataset.categorical,
                roles=dataset.own_columns,
                rule=rule_of(asked.limits),
                seed=SEED,
                progress=progress,
            )
        except CannotMeasure as refusal:
            return refused(refusal)

    return compute.in_child(made, beat)
