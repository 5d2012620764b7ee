"""The register of checks: one file per check, found by being here, and those of other packages (`plugins.py`).

Imports no science library.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import asdict
from typing import Any

from monitoring.checks import plugins
from monitoring.checks.check import Check, Inputs
from monitoring.checks.plugins import Refused
from monitoring.counting.documents import is_counts
from monitoring.engines.refusals import CannotMeasure


def _found() -> dict[str, Check]:
    modules = [importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
    checks = [module.CHECK for module in modules if hasattr(module, "CHECK")]
    return {check.key: check for check in sorted(checks, key=lambda check: check.key)}


def register() -> tuple[dict[str, Check], list[Refused]]:
    """Our checks, then those of packages by their keys; and those that were refused, which hold up nobody."""
    ours = _found()
    theirs, refused = plugins.found(ours)
    return ours | dict(sorted(theirs.items())), refused


CHECKS: dict[str, Check]
REFUSED: list[Refused]
CHECKS, REFUSED = register()


def measure(check_key: str, inputs: Inputs) -> dict[str, Any]:
    """Ask one check, in a process that may import the science libraries. Returns the JSON-ready result.

    What it needs and was not given is named in place of figures: it has not run. Raises engines.refusals.CannotMeasure.
    """
    check = CHECKS[check_key]
    missing = [need for need in check.needs if inputs.lacks(need)]
    if missing:
        result: dict[str, Any] = {"kind": check.key, "not_applicable": missing}
    elif not check.reads_counts and any(
        is_counts(each) for each in (inputs.current, inputs.reference) if each
    ):
        raise CannotMeasure("rows_needed")
    else:
        result = check.measure(inputs)
    if check.origin:
        plugins.tried(check, result, inputs.limits)
    return {**result, **_of_package(check, result), "check_version": check.version}


def _of_package(check: Check, result: dict[str, Any]) -> dict[str, Any]:
    """Who measured, where it was not Senim: the package stands among the libraries as well."""
    if check.origin is None:
        return {}
    made_by = {check.origin.package: check.origin.version}
    return {"origin": asdict(check.origin), "libraries": {**result.get("libraries", {}), **made_by}}
