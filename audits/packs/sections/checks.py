"""Checks: plans with their limits, every run, every figure with n and interval, findings, and the results as stored."""

from __future__ import annotations

from collections.abc import Iterator

from audits.packs.parts import Part, Stored
from audits.packs.subject import Subject
from monitoring.baselines.models import Baseline
from monitoring.declaring.models import Declared
from monitoring.recomputing.models import Recomputation
from monitoring.runs.models import Finding, Measurement, Plan, Result, Run

ORDER = 60


def parts(subject: Subject) -> Iterator[Part]:
    """The same inputs give the same result, so two runs may share one file."""
    yield from subject.rows(
        "checks", Plan, Run, Result, Measurement, Finding, Recomputation, Declared, Baseline
    )
    results = Result.objects.filter(model=subject.model).exclude(sha256="").only("id", "sha256")
    for sha256 in sorted({each.sha256 for each in subject.stood(results)}):
        yield Stored(f"checks/results/{sha256}.json", sha256)
