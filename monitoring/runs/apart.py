"""A check as a job for another process: what goes in is paths and JSON, what comes out is JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitoring.checks import measure as ask
from monitoring.checks.check import Inputs
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import plain

ENTRY = f"{__name__}:measure"
FILES = ("current", "reference", "artefact", "labels", "attribution")
TEXTS = (
    *("artefact_format", "label", "prediction", "score", "time", "identifier", "weight", "favourable"),
    "high_score",
)
LISTS = ("features", "categorical", "sensitive")


def answered(check_key: str, inputs: Inputs) -> dict[str, Any]:
    """The JSON-ready result, or {"refused": rule, "params": …} when the check cannot measure."""
    try:
        found: dict[str, Any] = plain(ask(check_key, inputs))
        return found
    except CannotMeasure as refusal:
        return refused(refusal)


def refused(refusal: CannotMeasure) -> dict[str, Any]:
    return {"refused": refusal.rule, "params": _printable(refusal.params)}


def as_job(check_key: str, inputs: Inputs) -> tuple[dict[str, Path], dict[str, Any]]:
    """The files that may be read, and the parameters."""
    files = {name: path for name in FILES if (path := getattr(inputs, name)) is not None}
    said = {name: getattr(inputs, name) for name in (*TEXTS, "threshold", "seed", "keeps")}
    lists = {name: list(getattr(inputs, name)) for name in LISTS}
    known = {"digests": dict(inputs.digests), "limits": dict(inputs.limits)}
    return files, {"check": check_key, "inputs": {**said, **lists, **known}}


def measure(
    files: dict[str, Path], params: dict[str, Any], progress: Callable[[int, str], None]
) -> dict[str, Any]:
    """In the other process."""
    said: dict[str, Any] = {
        key: tuple(value) if key in LISTS else value for key, value in params["inputs"].items()
    }
    return answered(params["check"], replace(Inputs(**said), progress=progress, **_paths(files)))


def _paths(files: dict[str, Path]) -> dict[str, Any]:
    return {name: files[name] for name in FILES if name in files}


def _printable(params: dict[str, object]) -> dict[str, object]:
    return {
        key: plain(value) if isinstance(value, list | int | float | str) else str(value)
        for key, value in params.items()
    }
