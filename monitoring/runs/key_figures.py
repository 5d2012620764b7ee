"""What checks have measured is taken over into the key figures that follow it. News is pulled up by nobody: it goes down."""

from __future__ import annotations

from uuid import UUID

from governance.inventory.figures import services as figures
from governance.inventory.figures.models import Kpi, KpiValue
from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.runs.models import Measurement


def catch_up(organisation_id: UUID) -> None:
    """Take over the newest figure of each check. When there is nothing new it reads and writes nothing."""
    by = Actor.system("key figures", organisation_id)
    with viewing(by):
        followed = (
            Kpi.objects.current().fed().filter(organisation_id=organisation_id, model__withdrawn_at=None)
        )
        fresh = [(kpi, newest) for kpi in followed if (newest := _newest(kpi)) is not None]
    for kpi, newest in fresh:
        assert newest.value is not None
        figures.take_over(
            by=by,
            kpi=kpi,
            value=newest.value,
            measured_at=newest.result.at,
            n=newest.n,
            digest=newest.result.sha256,
        )


def _newest(kpi: Kpi) -> Measurement | None:
    """The newest figure, unless it was taken over already. Figures over withdrawn data, or by an ended description, are none."""
    measured = Measurement.objects.filter(model_id=kpi.model_id, metric=kpi.metric, subject=kpi.subject)
    standing = measured.filter(
        result__run__check_key=kpi.check_key,
        result__run__window__withdrawn_at=None,
        result__run__reference__withdrawn_at=None,
        result__run__plan__dataset__ended_at=None,
        value__isnull=False,
    )
    newest: Measurement | None = standing.select_related("result").order_by("-result__at").first()
    if newest is None or KpiValue.objects.filter(kpi=kpi, digest=newest.result.sha256).exists():
        return None
    return newest


def offered(model: AIModel) -> list[figures.Feed]:
    """The figures that checks have measured of a model, once each."""
    found = Measurement.objects.filter(model=model, value__isnull=False).order_by(
        "result__run__check_key", "metric", "subject"
    )
    rows = found.values_list("result__run__check_key", "metric", "subject").distinct()
    return [figures.Feed(*row) for row in rows]
