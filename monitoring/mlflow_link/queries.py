"""What the pages of this room show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.people.actor import Actor
from monitoring.mlflow_link.models import Connector, Link, Seen
from monitoring.mlflow_link.telling import GATE
from monitoring.mlflow_link.words import NO_ARTEFACT, Trouble, step

if TYPE_CHECKING:
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

MOST_SEEN = 20


@dataclass(frozen=True)
class Stated:
    """A trouble with what to do about it; without one, "" twice."""

    words: StrOrPromise
    todo: StrOrPromise


@dataclass(frozen=True)
class Line:
    """One connected server. status: a key of the status component."""

    connector: Connector
    status: str
    stated: Stated
    links: int


@dataclass(frozen=True)
class Copied:
    """One version of MLflow beside ours. gate: what its tag says; facts: (words, value) of what was copied."""

    seen: Seen
    gate: str
    facts: Sequence[tuple[StrOrPromise, str]]
    no_artefact: StrOrPromise
    is_in_production: bool


@dataclass(frozen=True)
class Connection:
    """One link, as the page of its model shows it."""

    link: Link
    stated: Stated
    versions: Sequence[Copied]


def connectors(actor: Actor) -> list[Line]:
    standing = Q(links__ended_at=None, links__id__isnull=False)
    rows = Connector.objects.visible_to(actor).filter(organisation_id=actor.organisation_id)
    counted = rows.annotate(linked=Count("links", filter=standing)).order_by("ended_at", "name")
    return [Line(each, status(each), stated(each.last_error), each.linked) for each in counted]


def status(connector: Connector) -> str:
    """In order, in trouble, not read yet, or ended."""
    if connector.ended_at is not None:
        return "closed"
    if connector.last_error:
        return "attention"
    return "in_order" if connector.last_ok_at else "due"


def stated(trouble: str) -> Stated:
    return Stated(Trouble(trouble).label, step(trouble)) if trouble else Stated("", "")


def links_of(connector: Connector) -> list[Link]:
    standing = Link.objects.filter(connector=connector, ended_at=None).select_related("model", "linked_by")
    rows: list[Link] = list(standing)
    for each in rows:
        each.stated = stated(each.last_error)  # type: ignore[attr-defined]
    return rows


def connections(model: AIModel) -> list[Connection]:
    """What is known of a model in MLflow, the standing links first, for its page."""
    links = Link.objects.filter(model=model, ended_at=None, connector__ended_at=None)
    return [
        Connection(link, stated(link.last_error), copied(link)) for link in links.select_related("connector")
    ]


def copied(link: Link) -> list[Copied]:
    rows = Seen.objects.filter(link=link).select_related("version").order_by("-number")[:MOST_SEEN]
    return [
        Copied(
            each,
            each.told.get(GATE, ""),
            list(_facts(each.version.registry)),
            NO_ARTEFACT.get(each.version.registry.get("no_artefact", ""), ""),
            link.alias_on == each.number,
        )
        for each in rows
    ]


def _facts(copied: Mapping[str, Any]) -> Iterator[tuple[StrOrPromise, str]]:
    yield _("Run"), copied.get("run", "")
    yield _("Source"), copied.get("source", "")
    signed = copied.get("signature", {})
    yield (
        _("Columns that it reads"),
        ", ".join(each["name"] or each["type"] for each in signed.get("inputs", [])),
    )
    yield _("Metrics"), _listed(copied.get("metrics", {}))
    yield _("Parameters"), _listed(copied.get("params", {}))
    yield _("Tags"), _listed(copied.get("tags", {}))


def _listed(values: Mapping[str, Any]) -> str:
    said = {
        key: localize(round(value, 4)) if isinstance(value, float) else value for key, value in values.items()
    }
    return ", ".join(f"{key} = {value}" for key, value in said.items())


def models_to_link(actor: Actor, organisation_id: UUID) -> Sequence[AIModel]:
    """Those that a registered model can be linked with."""
    known = AIModel.objects.visible_to(actor).filter(organisation_id=organisation_id, withdrawn_at=None)
    return list(known.order_by("number"))
