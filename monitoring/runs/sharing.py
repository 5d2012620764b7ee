"""Runs of one model share what one of them made: a pass over a data period, and what its answers rest on in the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from monitoring.baselines import queries as kept
from monitoring.baselines import services as baselines
from monitoring.checks import CHECKS
from monitoring.checks.check import Inputs
from monitoring.checks.explanation import CHECK as EXPLANATION
from monitoring.data.models import Window
from monitoring.engines.attributed import key_of
from monitoring.runs import claims, compute
from monitoring.runs.inputs import goes_by_baseline, inputs_of

Ask = Callable[[Inputs], dict[str, Any]]


def measured(claim: claims.Claim) -> dict[str, Any]:
    """The answer of a run, from what is kept of its data periods where there is something to keep.

    Raises compute.Died, compute.Lost, store.Damaged, OSError.
    """
    run, ask = claim.run, partial(compute.measured, claim.run.check_key, beat=partial(claims.renew, claim))
    if run.reference is None:
        return ask(inputs_of(run))
    if goes_by_baseline(run):
        return _over_baseline(claim, ask, run.reference)
    inputs = inputs_of(run)
    if run.check_key == EXPLANATION.key and CHECKS[run.check_key].opens(inputs) and inputs.artefact:
        return _against_attribution(claim, ask, inputs, run.reference)
    return ask(inputs)


def _over_baseline(claim: claims.Claim, ask: Ask, reference: Window) -> dict[str, Any]:
    run = claim.run
    while True:
        inputs = kept.with_scan(claim.worker, inputs_of(run), reference, run.window)
        answer, made = _apart(ask(inputs))
        if not made or baselines.keep(by=claim.worker, reference=reference, current=run.window, made=made):
            return answer


def _against_attribution(claim: claims.Claim, ask: Ask, inputs: Inputs, reference: Window) -> dict[str, Any]:
    version, key = claim.run.version, key_of(inputs.digests, inputs.features, inputs.seed)
    inputs = kept.with_attribution(claim.worker, inputs, reference, version, key)
    answer, made = _apart(ask(inputs))
    if made.get("attribution"):
        about: dict[str, Any] = {"reference": reference, "version": version, "key": key}
        baselines.keep_attribution(by=claim.worker, made=made["attribution"], **about)
    return answer


def _apart(answer: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """What was measured, and what is to be kept: the same answer comes of what was kept before."""
    return {key: each for key, each in answer.items() if key != "kept"}, answer.get("kept", {})
