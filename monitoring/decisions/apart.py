"""One decision as a job for the sandbox: paths and JSON in, JSON out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitoring.engines.refusals import CannotMeasure

ENTRY = f"{__name__}:explain"


def explain(
    files: dict[str, Path], params: dict[str, Any], progress: Callable[[int, str], None]
) -> dict[str, Any]:
    """In the sandbox: the model's own contributions where its file can be run, else those of a stand-in for its answers."""
    from monitoring.engines import boosters, one_decision, surrogate

    window, asked = files["current"], params["asked"]
    try:
        if "artefact" in files:
            model: boosters.Model = boosters.load(files["artefact"], params["format"], params["features"])
        else:
            model = surrogate.fitted(window, params["features"], **params["answers"])
        progress(50, "explanation")
        return one_decision.explain(window, model, **asked).to_dict()
    except CannotMeasure as refusal:
        return {
            "refused": refusal.rule,
            "params": {key: str(each)[:200] for key, each in refusal.params.items()},
        }
