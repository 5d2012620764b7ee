"""Measures what opens a model's file: in the sandbox, or not at all."""

from __future__ import annotations

import logging
from typing import Any

from monitoring.checks import CHECKS
from monitoring.checks.check import Inputs
from monitoring.runs import apart, isolation, shapes
from monitoring.sandbox.running import CannotIsolate
from monitoring.sandbox.talk import MALFORMED, Beat, Died

log = logging.getLogger(__name__)

CANNOT_ISOLATE = "cannot_isolate"


def measured(check_key: str, inputs: Inputs, beat: Beat) -> dict[str, Any]:
    """As compute.measured; the answer says under "isolation" how far apart it was made, which is no part of the result.

    Raises Died, Lost, OSError.
    """
    standing = isolation.standing()
    if standing.level is None:
        return _refused(standing.proof.why or ", ".join(standing.proof.open))
    files, params = apart.as_job(check_key, inputs)
    try:
        answer = isolation.sandbox.run(
            apart.ENTRY, files=files, params=params, level=standing.level, beat=beat
        )
    except CannotIsolate as trouble:
        return _refused(str(trouble))
    except Died as death:
        if death.places:
            log.error("a check broke: %s at %s", death, "; ".join(death.places))
        raise
    problem = shapes.problem_of(CHECKS[check_key], inputs, answer.value)
    if problem:
        log.error("the answer of %s is refused: %s", check_key, problem[:200])
        raise Died(MALFORMED)
    return {**answer.value, "isolation": {"level": standing.level, "layers": list(answer.layers)}}


def _refused(why: str) -> dict[str, Any]:
    log.error("a model's file was not run, for it cannot be isolated: %s", why)
    return {"refused": CANNOT_ISOLATE, "params": {"why": why}}
