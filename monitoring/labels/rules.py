"""Whether outcomes can join a data period at all. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem

if TYPE_CHECKING:
    from monitoring.data.models import Dataset


def problems_of(dataset: Dataset, *, part: str, made_of: str) -> list[Problem]:
    """What stands in the way, of the data period and of the dataset that describes it."""
    problems = []
    if part != "current":
        problems.append(Problem("window", _("A reference is handed in with its outcomes.")))
    if made_of == "counts":
        what = _("This data period is counts: it has no rows to which an outcome could join.")
        problems.append(Problem("window", what))
    if not dataset.label or dataset.label == dataset.prediction:
        problems.append(Problem("dataset", _("The dataset names no column of the true outcome.")))
    if not dataset.identifier:
        problems.append(Problem("dataset", _("The dataset names no column that identifies a row.")))
    return problems
