"""What happened to a model, as the ledger kept it: who did what, when, and which values changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits.ledger.queries import Standing, standing
from audits.models import LedgerEntry
from governance.desk.deeds import DEEDS, TECHNICAL
from governance.inventory.models import AIModel
from governance.people.door import Request, found, viewed
from governance.people.models import ApiToken, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PER_PAGE = 25
LONGEST = 120
"""Characters of a value that a page shows."""
MOST = 8
"""Changed values that one line shows."""


@dataclass(frozen=True)
class Change:
    """One value that changed; what is a reference or a structure is only said to have changed."""

    name: StrOrPromise
    before: str
    after: str


@dataclass(frozen=True)
class Deed:
    """One action of one transaction. rows: how many rows of the register it touched."""

    at: datetime
    who: str
    what: StrOrPromise
    reason: str
    rows: int
    changes: Sequence[Change]


@require_GET
@viewed
def history(request: Request, model_id: UUID) -> HttpResponse:
    """The ledger of one model in words, newest first."""
    model = found(AIModel.objects.visible_to(request.actor), pk=model_id)
    page = Paginator(_deeds(model), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "model": model,
        "page": page,
        "deeds": _told(model, page),
        "ledger": _ledger(model),
        "crumbs": [
            (_("Models"), reverse("models")),
            (str(model), reverse("model", args=[model.pk])),
            (_("History"), None),
        ],
    }
    return render(request, "governance/desk/history.html", context)


def _ledger(model: AIModel) -> Standing:
    return standing(model.organisation_id)


def _deeds(model: AIModel) -> models.QuerySet[Any, Any]:
    """One line an action of a transaction."""
    shown = LedgerEntry.objects.filter(model=model.pk).exclude(action__in=TECHNICAL)
    lines = shown.values("transaction", "action", "actor").annotate(last=Max("at"), rows=Count("id"))
    ordered: models.QuerySet[Any, Any] = lines.order_by("-last", "action")
    return ordered


def _told(model: AIModel, page: Page[Any]) -> list[Deed]:
    lines = list(page.object_list)
    entries = _entries(model, lines)
    names = _names({line["actor"] for line in lines})
    return [
        Deed(
            at=line["last"],
            who=names[line["actor"]],
            what=DEEDS.get(line["action"], line["action"]),
            reason=next(filter(None, map(_reason, own)), ""),
            rows=line["rows"],
            changes=[change for entry in own for change in _changes(entry)][:MOST],
        )
        for line in lines
        for own in [entries[line["transaction"], line["action"]]]
    ]


def _entries(
    model: AIModel, lines: Iterable[Mapping[str, Any]]
) -> Mapping[tuple[int, str], list[LedgerEntry]]:
    """The entries of these lines with their values, in one query."""
    asked = {line["transaction"] for line in lines}
    found: dict[tuple[int, str], list[LedgerEntry]] = defaultdict(list)
    rows = LedgerEntry.objects.filter(model=model.pk, transaction__in=asked).select_related("payload")
    for entry in rows.order_by("at", "id"):
        found[entry.transaction, entry.action].append(entry)
    return found


def _content(entry: LedgerEntry) -> Mapping[str, Any]:
    """What changed and why; empty where it was erased."""
    payload = getattr(entry, "payload", None)
    content: Mapping[str, Any] = payload.content if payload else {}
    return content


def _reason(entry: LedgerEntry) -> str:
    return str(_content(entry).get("reason", ""))


def _changes(entry: LedgerEntry) -> list[Change]:
    """Of an update: the values that a reader can read."""
    if entry.operation != "U":
        return []
    changed = _content(entry).get("changes", {})
    named = [(_name(entry.table, column), values) for column, values in changed.items()]
    return [Change(name, *map(_shown, values)) for name, values in named if name]


def _shown(value: Any) -> str:
    """A plain value as it is; of a list or an object nothing."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = "…" if isinstance(value, list | dict) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


@cache
def _tables() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def _name(table: str, column: str) -> StrOrPromise:
    """How a column reads to a person; empty for one that has no words of its own, and for references."""
    try:
        field = _tables()[table]._meta.get_field(column)
    except (KeyError, FieldDoesNotExist):
        return ""
    if not isinstance(field, models.Field) or field.is_relation:
        return ""
    words = field.verbose_name
    return "" if words == field.name.replace("_", " ") else words


def _names(actors: Iterable[str]) -> dict[str, str]:
    """Actors as the ledger names them → as a person reads them."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for actor in actors:
        kind, _colon, key = actor.partition(":")
        by_kind[kind].add(key)
    people = dict(User.objects.filter(pk__in=by_kind["person"]).values_list("pk", "name"))
    tokens = dict(ApiToken.objects.filter(pk__in=by_kind["token"]).values_list("pk", "name"))
    return {actor: _called(actor, people, tokens) for actor in actors}


def _called(actor: str, people: Mapping[UUID, str], tokens: Mapping[UUID, str]) -> str:
    kind, _colon, key = actor.partition(":")
    if kind == "system":
        return "Senim"
    known = people if kind == "person" else tokens
    name = next((name for pk, name in known.items() if str(pk) == key), "")
    return name or (_("a person outside your organisation") if kind == "person" else _("a program"))
