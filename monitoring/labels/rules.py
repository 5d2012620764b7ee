"""Whether outcomes can join a data period at all. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem

if TYPE_CHECKING:
    from monitoring.data.models import Window


def problems_of(window: Window) -> list[Problem]:
    """What stands in the way, of the data period and of the dataset that describes it."""
    dataset, problems = window.dataset, []
    if window.part != "current":
        problems.append(Problem("window", _("A reference is handed in with its outcomes.")))
    if window.made_of == "counts":
        what = _("This data period is counts: it has no rows to which an outcome could join.")
        problems.append(Problem("window", what))
    if window.erased_at is not None:
        what = _("The rows of this data period are erased: there is nothing to which an outcome could join.")
        problems.append(Problem("window", what))
    if not dataset.label or dataset.label == dataset.prediction:
        problems.append(Problem("dataset", _("The dataset names no column of the true outcome.")))
    if not dataset.identifier:
        problems.append(Problem("dataset", _("The dataset names no column that identifies a row.")))
    return problems
