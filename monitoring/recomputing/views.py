"""The part of a run's page that says whether it comes out the same when it is computed again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from monitoring.recomputing import queries, services
from monitoring.runs.models import Run


@require_GET
@viewed
def recomputations(request: Request, run_id: UUID) -> HttpResponse:
    """Asked for again while one is underway."""
    run = _its_run(request.actor, run_id)
    context = {"run": run, "recomputations": queries.recomputations(request.actor, run)}
    return render(request, "monitoring/recomputing/_recomputations.html", context)


@require_POST
@viewed
def recompute(request: Request, run_id: UUID) -> HttpResponse:
    """Have the run computed again."""
    run = _its_run(request.actor, run_id)
    services.recompute(by=request.actor, run=run)
    messages.success(request, _("The run is being computed again. The accepted result stays as it is."))
    return redirect("runs:run", run.pk)


def _its_run(actor: Actor, run_id: UUID) -> Run:
    run: Run = found(Run.objects.visible_to(actor).select_related("result"), pk=run_id)
    return run
