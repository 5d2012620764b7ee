"""How a page of this room writes: fetch and judge in a read transaction, act outside it, show the form again inside one.

An officer of the supervisor acts at a participant as another reach of themselves, which cannot begin inside their own
read transaction; so none of these pages writes inside one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from governance.errors import RuleBroken, SignInNeeded
from governance.inventory.forms import RefusableForm
from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import require

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Sheet:
    """A page with one form. back: where it leads when it is done or left. done: what is said then.

    template: a file of this room; "form" is the page that holds nothing but the form.
    """

    model: AIModel
    title: str
    lead: str
    submit: str
    done: str
    back: str
    crumbs: Sequence[tuple[str, str]] = ()
    grave: bool = False
    template: str = "form"


def held(request: Request, rows: QuerySet[Row], right: str, **lookup: Any) -> Row:
    """The row, if its reader may do this. Raises SignInNeeded, NotFound, NotAllowed."""
    if not request.actor.is_known:
        raise SignInNeeded
    with viewing(request.actor):
        row = found(rows, **lookup)
        require(request.actor, right, getattr(row, "model", row))
        return row


def filled_in(
    request: Request, form: RefusableForm, act: Callable[..., object], sheet: Sheet, **aside: Any
) -> HttpResponse:
    """Hand a sent form to its service; show it, or show it again with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            act(**form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, sheet.done)
            return redirect(sheet.back)
    crumbs = [(str(sheet.model), reverse("model", args=[sheet.model.pk])), *sheet.crumbs, (sheet.title, "")]
    with viewing(request.actor):
        context = {"form": form, "sheet": sheet, "model": sheet.model, "crumbs": crumbs, **aside}
        return render(request, f"governance/incidents/{sheet.template}.html", context)
