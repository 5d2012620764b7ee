"""What a run measures: verified files from the store, and the roles of their columns."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from governance import store
from monitoring.baselines import queries as baselines
from monitoring.baselines.models import Baseline
from monitoring.checks import CHECKS
from monitoring.checks.check import Inputs
from monitoring.checks.drift_columns import CELLS
from monitoring.data.models import Window
from monitoring.engines.drift_rule import FROZEN_BASELINE
from monitoring.runs import register_facts
from monitoring.runs.models import Run

SEED = 1
"""The same for every run: the same inputs give the same result digest."""


def inputs_of(run: Run) -> Inputs:
    """Files and roles for the child. Raises store.Damaged.

    An artefact decides when there is one, else the data period's own column of decisions or scores. Where a baseline is kept
    of the reference, the reference itself is not read.
    """
    dataset, version = run.plan.dataset, run.version
    baseline = _baseline(run)
    artefact = _file(run.organisation_id, version.artefact_sha256)
    return Inputs(
        current=_window(run.window),
        reference=_window(run.reference) if run.reference and baseline is None else None,
        baseline=_file(run.organisation_id, baseline.sha256) if baseline else None,
        artefact=artefact,
        labels=_file(run.organisation_id, run.labels.sha256) if run.labels else None,
        artefact_format=version.artefact_format if artefact else "",
        features=_features(run),
        categorical=tuple(dataset.categorical),
        label=dataset.label,
        prediction=dataset.prediction,
        score=dataset.score,
        time=dataset.time,
        identifier=dataset.identifier,
        weight=dataset.weight,
        allowed=dataset.allowed,
        population=dataset.population,
        log_columns=dataset.log_columns,
        log_values=dataset.log_values,
        register=register_facts.facts_of(run),
        threshold=version.decision_threshold,
        sensitive=tuple(dataset.sensitive),
        favourable=dataset.favourable,
        high_score=dataset.high_score,
        seed=SEED,
        digests=_digests(run),
        limits=run.plan.limits,
    )


def goes_by_baseline(run: Run) -> bool:
    """Whether the plan measures over the frozen baseline of a reference that was handed in as rows."""
    return run.plan.limits.get(CELLS) == FROZEN_BASELINE and baselines.can_be_frozen(
        run.reference, run.window
    )


def _baseline(run: Run) -> Baseline | None:
    return baselines.baseline_of(run.reference) if run.reference and goes_by_baseline(run) else None


def _window(window: Window) -> Path:
    return store.path(window.organisation_id, window.measured_sha256)


def _file(organisation_id: UUID, sha256: str) -> Path | None:
    return store.path(organisation_id, sha256) if sha256 else None


def _features(run: Run) -> tuple[str, ...]:
    """A check that compares data takes the dataset's columns, one that runs the artefact takes the artefact's order."""
    needs = CHECKS[run.check_key].needs
    compares = "features" in needs and not {"artefact", "artefact_or_answer"} & set(needs)
    return tuple(run.plan.dataset.features if compares or not run.version.features else run.version.features)


def _digests(run: Run) -> dict[str, str]:
    digests = {"current": run.window.measured_sha256, "version": run.version.digest}
    if run.reference:
        digests["reference"] = run.reference.measured_sha256
    if run.labels:
        digests["labels"] = run.labels.sha256
    if run.version.artefact_sha256:
        digests["artefact"] = run.version.artefact_sha256
    return digests
