"""The register of checks: one file per check, found by being here. Imports no science library."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from monitoring.checks.check import Check, Inputs
from monitoring.counting.documents import is_counts
from monitoring.engines.refusals import CannotMeasure


def _found() -> dict[str, Check]:
    modules = [importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
    checks = [module.CHECK for module in modules if hasattr(module, "CHECK")]
    return {check.key: check for check in sorted(checks, key=lambda check: check.key)}


CHECKS: dict[str, Check] = _found()


def measure(check_key: str, inputs: Inputs) -> dict[str, Any]:
    """Ask one check, in a process that may import the science libraries. Returns the JSON-ready result.

    What the check needs and was not given makes it not applicable. Raises engines.refusals.CannotMeasure.
    """
    check = CHECKS[check_key]
    missing = [need for need in check.needs if inputs.lacks(need)]
    if missing:
        return {"kind": check.key, "check_version": check.version, "not_applicable": missing}
    if not check.reads_counts and any(is_counts(each) for each in (inputs.current, inputs.reference) if each):
        raise CannotMeasure("rows_needed")
    return {**check.measure(inputs), "check_version": check.version}
