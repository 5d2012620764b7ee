"""How a view opens: signed in, inside a read transaction, holding only what its reader may see."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from governance.errors import NotFound, SignInNeeded
from governance.people.acting import viewing
from governance.people.actor import Actor


class Request(HttpRequest):
    """A request whose sender is known, or known to be nobody."""

    actor: Actor


View = Callable[..., HttpResponse]
Row = TypeVar("Row", bound=Model)


def viewed(view: View) -> View:
    """Render inside `viewing(request.actor)`. Raises SignInNeeded for somebody who is not signed in.

    Whatever the view writes through a service is part of the same transaction: an error takes all of it back.
    """

    @wraps(view)
    def inside(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = request.actor
        if not actor.is_known:
            raise SignInNeeded
        with viewing(actor):
            return view(request, *args, **kwargs)

    return inside


def found(rows: QuerySet[Row], **lookup: Any) -> Row:
    """The one row of a set that is already limited to its reader. Raises NotFound for none and for a key that is no key."""
    try:
        return rows.get(**lookup)
    except (ObjectDoesNotExist, ValidationError, ValueError) as missing:
        raise NotFound from missing
