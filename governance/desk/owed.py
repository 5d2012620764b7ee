"""The page that says what a model still owes, and opens the right form for each piece of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from governance.desk.ways import Around, around, way_of
from governance.inventory.registering import crumbs, its_model
from governance.inventory.words import Status
from governance.obligations import queries
from governance.obligations.lines import kind_name
from governance.obligations.owed.queries import Line, OwedToday, owed_by
from governance.people.door import Request, viewed


@require_GET
@viewed
def owed(request: Request, model_id: UUID) -> HttpResponse:
    """By theme, and inside a theme the lightest first."""
    model = its_model(request.actor, model_id)
    sheet = queries.sheet_of(model)
    here = around(model, request.actor)
    today = OwedToday() if model.status == Status.WITHDRAWN else owed_by(model, avoided=here.avoided)
    context = {
        "model": model,
        "sheet": sheet,
        "is_current": queries.is_current(model, sheet),
        "today": today,
        "chapters": [
            {"theme": chapter.theme, "lines": [_shown(line, here) for line in chapter.lines]}
            for chapter in today.chapters
        ],
        "of_organisation": [_shown(line, here) for line in today.of_organisation],
        "crumbs": crumbs(model, _("What is still owed")),
    }
    return render(request, "governance/desk/owed.html", context)


def _shown(line: Line, here: Around) -> dict[str, Any]:
    return {
        "line": line,
        "way": way_of(line, here),
        "instead": [kind_name(kind) for kind in line.piece.instead if kind not in here.avoided],
    }
