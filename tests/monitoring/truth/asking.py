"""One published set through the product: version, dataset, data periods, plans, runs; and the figures on file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from governance.inventory import services as inventory
from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Result, Run
from tests.reference import needs_reference_data

if TYPE_CHECKING:
    import pandas as pd

ABOUT_PUBLISHED_SETS = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.xdist_group("truth"),
    pytest.mark.usefixtures("preloaded"),
    needs_reference_data,
]
"""Marks of a module of such tests."""
Figure = tuple[str, str, str]


@dataclass(frozen=True)
class Question:
    """What somebody who holds the set would hand in and ask.

    current, reference: a file as it came, or rows of it. checks: the limits that each plan sets itself.
    artefact: a file of the shared models; features: in the order in which the artefact reads them.
    """

    current: Path | pd.DataFrame
    reference: Path | pd.DataFrame | None = None
    roles: Mapping[str, Any] = field(default_factory=dict)
    checks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    threshold: float | None = None
    artefact: Path | None = None
    features: tuple[str, ...] = ()
    as_csv: bool = False


@dataclass(frozen=True)
class Answers:
    """What is on file afterwards. figures: by check, metric and subject."""

    figures: Mapping[Figure, Measurement]
    verdicts: Mapping[str, str]
    windows: Mapping[str, Window]
    time: str


def ask(owner: Actor, model: AIModel, question: Question) -> Answers:
    """All of it by the services that the pages and the API use; the runs are worked on as a worker does."""
    dataset, windows = hand_over(owner, model, question)
    for run in runs.start(by=owner, model=model) if question.checks else []:
        runs.work(run.pk)
    return _on_file(owner, dataset, windows)


def hand_over(owner: Actor, model: AIModel, question: Question) -> tuple[Dataset, dict[str, Window]]:
    """Everything but the runs."""
    dataset = described(owner, model, question)
    windows = {
        part: handed_in(owner, dataset, part, rows, as_csv=question.as_csv)
        for part, rows in (("reference", question.reference), ("current", question.current))
        if rows is not None
    }
    for check, limits in question.checks.items():
        runs.set_plan(
            by=owner, dataset=dataset, check_key=check, limits=limits, reason="as in the publication"
        )
    return dataset, windows


def described(owner: Actor, model: AIModel, question: Question) -> Dataset:
    """A version of the model, and what the columns of its data mean."""
    given: dict[str, Any] = {}
    if question.artefact:
        content = io.BytesIO(question.artefact.read_bytes())
        given = {"artefact": content, "artefact_name": question.artefact.name, "features": question.features}
    inventory.add_version(by=owner, model=model, label="1.0", decision_threshold=question.threshold, **given)
    return data.describe(by=owner, model=model, name="Published", **{"features": [], **question.roles})


def handed_in(
    owner: Actor, dataset: Dataset, part: str, rows: Path | pd.DataFrame, *, as_csv: bool
) -> Window:
    name = f"{part}.csv" if as_csv else f"{part}.parquet"
    return data.add_window(
        by=owner, dataset=dataset, name=part, part=part, file=_file(rows, as_csv=as_csv), file_name=name
    )


def _file(rows: Path | pd.DataFrame, *, as_csv: bool) -> BinaryIO:
    if isinstance(rows, Path):
        return io.BytesIO(rows.read_bytes())
    if as_csv:
        return io.BytesIO(rows.to_csv(index=False).encode())
    file = io.BytesIO()
    rows.to_parquet(file, index=False)
    file.seek(0)
    return file


def _on_file(owner: Actor, dataset: Dataset, windows: Mapping[str, Window]) -> Answers:
    with viewing(owner):
        measured = Measurement.objects.filter(model=dataset.model).select_related("result__run")
        figures = {(each.result.run.check_key, each.metric, each.subject): each for each in measured}
        results = Result.objects.filter(model=dataset.model).select_related("run")
        verdicts = {each.run.check_key: each.verdict for each in results}
        assert set(Run.objects.filter(model=dataset.model).values_list("status", flat=True)) <= {"done"}
    return Answers(figures, verdicts, windows, dataset.time)
