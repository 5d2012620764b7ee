"""What a benchmark gives back, and how a figure is judged."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured number. `goal` is what it should reach; None = measured for the record."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    higher_is_better: bool = False

    @property
    def is_ok(self) -> bool:
        if self.goal is None:
            return True
        return self.value >= self.goal if self.higher_is_better else self.value <= self.goal

    def line(self) -> str:
        """`BENCH name value unit goal ok|short`, for people and for grep."""
        goal = "-" if self.goal is None else f"{self.goal:g}"
        return f"BENCH {self.name} {self.value:.4g} {self.unit} {goal} {'ok' if self.is_ok else 'short'}"

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ok": self.is_ok}


def median_seconds(act: Callable[[], object], *, times: int) -> float:
    """Median duration of `act`, once unmeasured and then `times` times."""
    act()
    return median(_seconds(act) for _ in range(times))


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
