"""The page of the whole market, for its supervisor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from governance.errors import NotFound
from governance.inventory.suppliers.words import ComponentKind
from governance.people.door import Request, viewed
from governance.people.rights import may
from monitoring.market import queries
from monitoring.market.queries import Participant, Supplier

DRAWN = 12
"""How many suppliers the chart shows; the table beside it has all of them."""


@require_GET
@viewed
def market(request: Request) -> HttpResponse:
    """Who filed, grades, red requirements, incidents, and on whom the market stands. Others get "not found"."""
    if not may(request.actor, "market.read", None):
        raise NotFound
    lines = queries.participants(timezone.now())
    suppliers = queries.suppliers()
    context = {
        "lines": lines,
        "totals": totals(lines),
        "suppliers": [(each, _kinds(each)) for each in suppliers],
        "chart": _chart(suppliers),
        "foundation_models": queries.foundation_models(),
        "fresh_days": queries.FRESH.days,
        "last_answer": queries.last_answer(),
    }
    return render(request, "monitoring/market/market.html", context)


def totals(lines: Sequence[Participant]) -> list[tuple[str, int, int | None]]:
    """(what, how many, of how many or None)."""
    models = sum(line.models for line in lines)
    return [
        (_("Participants that have filed"), sum(line.has_filed for line in lines), len(lines)),
        (_("Registered models"), models, None),
        (_("Models watched by a check"), sum(line.watched for line in lines), models),
        (_("Requirements failing or overdue"), sum(line.red for line in lines), None),
        (_("Open incidents"), sum(line.incidents for line in lines), None),
        (_("Suspended permissions"), sum(line.suspended for line in lines), None),
    ]


def _kinds(supplier: Supplier) -> str:
    return ", ".join(str(ComponentKind(kind).label) for kind in supplier.kinds)


def _chart(suppliers: Sequence[Supplier]) -> dict[str, Any]:
    rows = [{"name": each.name, "value": each.models} for each in suppliers[:DRAWN]]
    return {"kind": "importance", "rows": rows, "words": {"value": _("Models"), "name": _("Supplier")}}
