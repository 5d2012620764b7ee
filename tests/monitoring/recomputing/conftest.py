from __future__ import annotations

from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.recomputing import services as recomputing
from monitoring.recomputing.models import Recomputation
from monitoring.runs.models import Run
from tests.monitoring.runs.conftest import preloaded

__all__ = ["preloaded"]


def its_run(owner: Actor) -> Run:
    """The only one there is, as it stands now."""
    with viewing(owner):
        return Run.objects.select_related("result", "model").get()


def recomputed(owner: Actor, validator: Actor, run: Run) -> Recomputation:
    asked = recomputing.recompute(by=validator, run=run)
    recomputing.work(asked.organisation_id, asked.pk)
    with viewing(owner):
        return Recomputation.objects.select_related("run__result").get(pk=asked.pk)
