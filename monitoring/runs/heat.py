"""Drift over time: every feature over every data period that was asked about, from the figures on file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.queries import focus_version
from monitoring.data.models import Dataset
from monitoring.runs.charts import DRIFT, Chart
from monitoring.runs.models import Measurement, Run, RunStatus

CHECK = "drift"
FEWEST_PERIODS = 2
"""Over a single period there is no time to look over."""
MOST_PERIODS = 24
MOST_FEATURES = 25
"""The features that have moved farthest; the page of a run shows all."""


def maps_of(model: AIModel) -> list[Chart]:
    """One map for each dataset with at least two data periods, of the newest version that stands."""
    version = focus_version(model)
    if version is None:
        return []
    runs: dict[object, list[Run]] = {}
    for run in _newest_first(version):
        runs.setdefault(run.window.dataset_id, []).append(run)
    figures: dict[object, list[Measurement]] = {}
    asked = [run.result.pk for each in runs.values() for run in each]
    for figure in Measurement.objects.filter(result__in=asked, metric__in=DRIFT):
        figures.setdefault(figure.result_id, []).append(figure)
    standing = Dataset.objects.standing().filter(model=model)
    datasets = [each for each in standing if len(runs.get(each.pk, [])) >= FEWEST_PERIODS]
    return [_map(dataset, runs[dataset.pk][-MOST_PERIODS:], figures) for dataset in datasets]


def _newest_first(version: ModelVersion) -> list[Run]:
    """The last answer over each standing data period, in the order of the periods."""
    ended = Run.objects.filter(
        version=version,
        check_key=CHECK,
        status=RunStatus.DONE,
        window__withdrawn_at=None,
        result__isnull=False,
    )
    last = ended.order_by("window_id", "-finished_at").distinct("window_id").values("pk")
    ordered = Run.objects.filter(pk__in=last).select_related("window", "result")
    return list(ordered.order_by(F("window__starts_on").asc(nulls_first=True), "window__uploaded_at"))


def _map(dataset: Dataset, runs: Sequence[Run], figures: dict[object, list[Measurement]]) -> Chart:
    cells = [(at, figure) for at, run in enumerate(runs) for figure in figures.get(run.result.pk, [])]
    features = _farthest(figure for _at, figure in cells)
    places = {name: at for at, name in enumerate(features)}
    rows = [
        _cell(figure, runs[at].window.name, column=at, line=places[figure.subject])
        for at, figure in sorted(cells, key=lambda each: places.get(each[1].subject, 0))
        if figure.subject in places
    ]
    data = {
        "kind": "heat",
        "rows": rows,
        "windows": [run.window.name for run in runs],
        "features": features,
        "words": {"value": _("Score"), "ratio": _("Score divided by the limit of the feature")},
    }
    caption = _("Drift over time: %(name)s") % {"name": dataset.name}
    return Chart(f"heat-{str(dataset.pk)[:8]}", caption, data)


def _farthest(figures: Iterable[Measurement]) -> list[str]:
    """The names of the features, the one that ever lay farthest beyond its limit first."""
    most: dict[str, float] = {}
    for figure in figures:
        most[figure.subject] = max(most.get(figure.subject, -1.0), _ratio(figure) or 0.0)
    return sorted(most, key=lambda name: (-most[name], name))[:MOST_FEATURES]


def _ratio(figure: Measurement) -> float | None:
    return figure.value / figure.limit if figure.value is not None and figure.limit else None


def _cell(figure: Measurement, window: str, *, column: int, line: int) -> dict[str, Any]:
    return {
        "name": f"{figure.subject} · {window}",
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "limit": figure.limit,
        "n": figure.n,
        "verdict": figure.verdict,
        "ratio": _ratio(figure),
        "column": column,
        "line": line,
    }
