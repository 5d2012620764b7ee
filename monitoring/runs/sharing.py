"""Runs of one model share one pass over a data period: what one of them made is kept, the next one reads that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from monitoring.baselines import queries as kept
from monitoring.baselines import services as baselines
from monitoring.checks.check import Inputs
from monitoring.runs import claims, compute
from monitoring.runs.inputs import goes_by_baseline, inputs_of


def measured(claim: claims.Claim) -> dict[str, Any]:
    """The answer of a run, from what is kept of its data periods where its plan goes by that.

    Raises compute.Died, compute.Lost, store.Damaged, OSError.
    """
    run, ask = claim.run, partial(compute.measured, claim.run.check_key, beat=partial(claims.renew, claim))
    if run.reference is None or not goes_by_baseline(run):
        return ask(inputs_of(run))
    while True:
        inputs: Inputs = kept.with_scan(inputs_of(run), run.reference, run.window)
        answer, made = _apart(ask(inputs))
        if not made or baselines.keep(
            by=claim.worker, reference=run.reference, current=run.window, made=made
        ):
            return answer


def _apart(answer: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
    """What was measured, and what is to be kept: the same answer comes of what was kept before."""
    return {key: each for key, each in answer.items() if key != "kept"}, answer.get("kept", {})
