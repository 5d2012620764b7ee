"""Key figures as pages and reports read them, in two queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from governance.inventory.figures.models import Kpi, KpiValue
from governance.inventory.figures.words import limits, spelled
from governance.inventory.models import AIModel

SHOWN = 12
"""Values of one figure that a page shows, the newest first."""


@dataclass(frozen=True)
class Line:
    """One current key figure. values: the newest first."""

    kpi: Kpi
    values: Sequence[KpiValue]

    @property
    def latest(self) -> KpiValue | None:
        return self.values[0] if self.values else None

    @property
    def state(self) -> str:
        return self.kpi.state(self.latest)

    @property
    def words(self) -> str:
        """The latest value, or a dash."""
        return spelled(self.latest.value, self.kpi.unit) if self.latest else "–"

    @property
    def limits(self) -> str:
        return limits(self.kpi)

    @property
    def history(self) -> list[tuple[KpiValue, str, str]]:
        """(value, as it is read, its state)."""
        newest = self.values[:SHOWN]
        return [(each, spelled(each.value, self.kpi.unit), self.kpi.state(each)) for each in newest]


def lines(models: Iterable[AIModel]) -> list[Line]:
    """Every current key figure of these models."""
    kpis = Kpi.objects.current().filter(model__in=models).select_related("owner", "model")
    values: dict[UUID, list[KpiValue]] = {}
    for value in KpiValue.objects.filter(kpi__in=kpis).select_related("entered_by"):
        values.setdefault(value.kpi_id, []).append(value)
    return [Line(kpi, values.get(kpi.pk, [])) for kpi in kpis.order_by("model__number", "name")]
