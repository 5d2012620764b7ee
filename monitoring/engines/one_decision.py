"""What one decision rests on: the contributions of each feature to its score, from the base value to the output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.boosters import Model
from monitoring.engines.explanation import grounded, reader, taken
from monitoring.engines.intervals import Estimate
from monitoring.engines.late_labels import cases
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import plain
from monitoring.engines.versions import versions
from monitoring.engines.windows import read_column

if TYPE_CHECKING:
    import numpy as np

LONGEST_VALUE = 80


@dataclass(frozen=True)
class Contribution:
    """One feature of the decision: its value as the data period has it, and what it adds to the raw output."""

    feature: str
    value: str
    contribution: float


@dataclass(frozen=True)
class Decision:
    """output = base + the sum of the contributions, but for rounding (error).

    fidelity: of a stand-in; None = the model itself.
    """

    score: float
    output: float
    base: float
    error: float
    contributions: list[Contribution]
    fidelity: Estimate | None
    inputs: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        found: dict[str, Any] = plain(self)
        return found


def explain(
    window: Path, model: Model, *, identifier: str, case: str, inputs: Mapping[str, str], seed: int = 0
) -> Decision:
    """The contributions, the largest first. Raises MissingColumns, CannotMeasure for a case that is not there exactly once."""
    import numpy as np

    place = _place(window, identifier, case)
    read: Callable[[Path, np.ndarray | None], np.ndarray] = reader(model)
    model = grounded(model, window, seed)
    row = taken(model, read(window, np.array([place])))
    values = model.contributions(row)[0]
    output = float(model.margins(row)[0])
    order = sorted(range(len(model.features)), key=lambda at: (-abs(values[at]), model.features[at]))
    return Decision(
        score=float(model.scores(row)[0]),
        output=output,
        base=float(values[-1]),
        error=abs(float(values.sum()) - output),
        contributions=[
            Contribution(name, _shown(window, name, place), float(values[at]))
            for at in order
            for name in [model.features[at]]
        ],
        fidelity=getattr(model, "fidelity", None),
        inputs=dict(inputs),
        libraries=versions("shap", "xgboost", "lightgbm", "numpy", "scikit-learn"),
    )


def _place(window: Path, identifier: str, case: str) -> int:
    import pyarrow.compute as pc

    there = pc.indices_nonzero(pc.equal(cases(window, identifier).column("case"), case))
    if len(there) != 1:
        raise CannotMeasure("no_such_case" if not len(there) else "case_repeats", case=case)
    return int(there[0].as_py())


def _shown(window: Path, name: str, place: int) -> str:
    """As people write it; "" where there is none."""
    import numpy as np

    value = read_column(window, name, np.array([place]))[0].as_py()
    return (
        ""
        if value is None
        else f"{value:.6g}"[:LONGEST_VALUE]
        if isinstance(value, float)
        else str(value)[:LONGEST_VALUE]
    )
