"""The pages of the matrix: models × frameworks, one framework, and the models behind one number."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from governance.errors import Problem, RuleBroken
from governance.obligations.matrix import drilling, queries, table
from governance.obligations.matrix.choosing import Chosen
from governance.obligations.matrix.choosing import chosen as chosen_in
from governance.obligations.matrix.models import STATUSES
from governance.obligations.matrix.words import SHORT, tallies
from governance.people.asked_day import NAME
from governance.people.door import Request, viewed

PER_PAGE = 50


@require_GET
@viewed
def matrix(request: Request) -> HttpResponse:
    """Every registered model that the reader sees, under every framework that is on for any of them."""
    chosen = chosen_in(request)
    totals = queries.totals(chosen)
    columns = queries.columns(chosen, totals.frameworks_on)
    pages = Paginator(queries.in_order(queries.shown(chosen)), PER_PAGE)
    pages.count = totals.models
    page = pages.get_page(request.GET.get("page"))
    context = {
        **table.choices(chosen, totals.frameworks_on),
        "totals": totals,
        "columns": columns,
        "page": page,
        "lines": table.lines(queries.rows(page.object_list, chosen), columns, chosen.as_of),
        "by_framework": table.by_framework(totals, columns, chosen),
        "by_organisation": table.by_organisation(totals, chosen) if chosen.across else None,
        "today": chosen.as_of.day if chosen.as_of else timezone.localdate(),
    }
    return render(request, "governance/obligations/matrix.html", context)


@require_GET
@viewed
def framework(request: Request, framework: str) -> HttpResponse:
    """The requirements of one framework, each with the number of models in every status."""
    chosen = chosen_in(request)
    column = drilling.framework_of(chosen, framework)
    listed, counted = drilling.requirements_of(column), drilling.counted(chosen, column)
    sums = table.by_requirement(listed, counted, column, chosen)
    context = {
        **table.choices(chosen, [column.key]),
        "column": column,
        "sums": sums,
        "silent": len(counted) - len(sums.lines),
        "today": chosen.as_of.day if chosen.as_of else timezone.localdate(),
        "crumbs": _crumbs(chosen, (column.title, None)),
    }
    return render(request, "governance/obligations/matrix_framework.html", context)


@require_GET
@viewed
def models(request: Request, framework: str, key: str) -> HttpResponse:
    """The models where one requirement stands in a status; `?status=` chooses it."""
    chosen = chosen_in(request)
    column = drilling.framework_of(chosen, framework)
    requirement = drilling.requirement_of(column, key)
    status = _status(request)
    there = drilling.where(chosen, column, key, [status] if status else STATUSES)
    page = Paginator(there.rows, PER_PAGE).get_page(request.GET.get("page"))
    here = reverse("obligations:matrix-framework", args=[column.key]) + table.kept_in(chosen, NAME)
    context = {
        **table.choices(chosen, [column.key]),
        "column": column,
        "requirement": requirement,
        "status": status,
        "tallies": tallies(there.tallied),
        "page": page,
        "lines": [table.Where(duty, is_past=bool(chosen.as_of)) for duty in page.object_list],
        "today": chosen.as_of.day if chosen.as_of else timezone.localdate(),
        "crumbs": _crumbs(chosen, (column.title, here), (requirement.ref, None)),
    }
    return render(request, "governance/obligations/matrix_models.html", context)


def _status(request: Request) -> str:
    status = request.GET.get("status", "")
    if status and status not in SHORT:
        raise RuleBroken(problems=[Problem(_("Status"), _("There is no such status."))])
    return status


def _crumbs(chosen: Chosen, *further: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("Matrix"), reverse("obligations:matrix") + table.kept_in(chosen, NAME)), *further]
