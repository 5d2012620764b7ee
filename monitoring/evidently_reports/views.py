"""The page of Evidently's own reports of a data period, and the file of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from governance.errors import RuleBroken
from governance.inventory.registering import crumbs
from governance.people.door import Request, found, viewed
from governance.people.rights import require
from monitoring.data.models import Window
from monitoring.evidently_reports import queries, services
from monitoring.evidently_reports.models import EvidentlyReport


@require_http_methods(["GET", "POST"])
@viewed
def reports(request: Request, window_id: UUID) -> HttpResponse:
    """Ask for a report; those that were made stand below."""
    window = _its_window(request, window_id)
    problems = services.obstacles(window, services.reference_of(window))
    if request.method == "POST":
        try:
            services.ask(by=request.actor, window=window)
        except RuleBroken as refusal:
            problems = list(refusal.problems)
        else:
            return redirect("evidently:reports", window.pk)
    context = {
        "window": window,
        "model": window.model,
        "problems": problems,
        "told": queries.reports_of(window.pk),
        "crumbs": crumbs(window.model, _("Evidently's own report")),
    }
    refused = request.method == "POST"
    return render(
        request, "monitoring/evidently_reports/reports.html", context, status=422 if refused else 200
    )


@require_GET
@viewed
def progress(request: Request, window_id: UUID) -> HttpResponse:
    """Asked for again until nothing is underway; then the page that asked is loaded again."""
    window = _its_window(request, window_id)
    is_underway = EvidentlyReport.objects.underway().filter(window=window).exists()
    context = {"window": window, "is_underway": is_underway}
    response = render(request, "monitoring/evidently_reports/_progress.html", context)
    if not is_underway:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@viewed
def report_file(request: Request, report_id: UUID) -> Any:
    """Evidently's page as a file: it brings scripts of its own, so it is never shown among our pages."""
    return queries.page_of(queries.its_report(request.actor, report_id))


def _its_window(request: Request, window_id: UUID) -> Window:
    rows = Window.objects.visible_to(request.actor).select_related("model", "dataset")
    window: Window = found(rows, pk=window_id)
    require(request.actor, "evidently_report.ask", window.model)
    return window
