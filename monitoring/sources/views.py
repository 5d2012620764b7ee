"""The administrator's pages of databases, and the page of what is fetched for one dataset."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from governance.errors import OutOfOrder, RuleBroken
from governance.inventory.registering import crumbs
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may, require
from monitoring.sources import fetching, queries, services
from monitoring.sources.forms import FeedForm, FetchForm, SourceForm
from monitoring.sources.models import DataSource, Feed
from monitoring.sources.words import stated


def _home(actor: Actor) -> Organisation:
    organisation: Organisation = found(Organisation.objects.visible_to(actor), pk=actor.organisation_id)
    require(actor, "source.register", organisation)
    return organisation


def _source(actor: Actor, source_id: UUID) -> DataSource:
    source: DataSource = found(DataSource.objects.visible_to(actor), pk=source_id)
    require(actor, "source.register", source)
    return source


def _crumbs(*ways: tuple[object, str | None]) -> list[tuple[object, str | None]]:
    return [(_("Databases"), reverse("sources:sources")), *ways]


@viewed
def sources(request: Request) -> HttpResponse:
    _home(request.actor)
    context = {"sources": queries.sources_of(request.actor)}
    return render(request, "monitoring/sources/sources.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def add(request: Request) -> HttpResponse:
    organisation = _home(request.actor)
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            source = services.register(
                by=request.actor, organisation=organisation, name=name, database=form.said
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        except OutOfOrder as refusal:
            form.add_error("host", str(refusal))
        else:
            messages.success(
                request, _("The database is registered. Now name the tables that feed datasets.")
            )
            return redirect("sources:source", source.pk)
    context = {"form": form, "crumbs": _crumbs((_("Register a database"), None))}
    return render(request, "monitoring/sources/add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@viewed
def source(request: Request, source_id: UUID) -> HttpResponse:
    """One database: what it feeds, and the form that lets it feed another dataset."""
    chosen = _source(request.actor, source_id)
    datasets = queries.datasets_to_feed(request.actor, chosen.organisation_id)
    form = FeedForm(request.POST if request.method == "POST" else None, datasets=datasets)
    if request.method == "POST" and form.is_valid():
        try:
            fed = services.feed(by=request.actor, source=chosen, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        except OutOfOrder as refusal:
            form.add_error("dataset", str(refusal))
        else:
            messages.success(request, _("The dataset is fed from this table now."))
            return redirect("sources:feed", fed.pk)
    context = {
        "source": chosen,
        "lines": queries.feeds_of_source(chosen),
        "form": form,
        "datasets": datasets,
        "crumbs": _crumbs((chosen.name, None)),
    }
    return render(request, "monitoring/sources/source.html", context, status=422 if form.errors else 200)


@viewed
@require_POST
def test(request: Request, source_id: UUID) -> HttpResponse:
    chosen = _source(request.actor, source_id)
    trouble = services.test(by=request.actor, source=chosen)
    if trouble:
        told = stated(trouble)
        messages.error(request, f"{told.words} {told.todo}")
    else:
        messages.success(request, _("The connection works: the database lets us in."))
    return redirect("sources:source", chosen.pk)


@viewed
@require_POST
def end(request: Request, source_id: UUID) -> HttpResponse:
    services.end(by=request.actor, source=_source(request.actor, source_id))
    messages.success(request, _("Nothing more is fetched from this database. What was fetched stays."))
    return redirect("sources:sources")


@require_http_methods(["GET", "POST"])
@viewed
def feed(request: Request, feed_id: UUID) -> HttpResponse:
    """What is fetched for one dataset, every fetch of it, and the form that asks for another period."""
    everything = Feed.objects.visible_to(request.actor).select_related("source", "dataset", "model")
    chosen = found(everything, pk=feed_id)
    form = FetchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            fetching.ask(by=request.actor, feed=chosen, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        except OutOfOrder as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The period is being fetched. Look again in a few seconds."))
            return redirect("sources:feed", chosen.pk)
    context = {
        "feed": chosen,
        "model": chosen.model,
        "fetches": queries.fetches_of(chosen),
        "form": form,
        "may_fetch": may(request.actor, "window.fetch", chosen.model) and chosen.ended_at is None,
        "may_end": may(request.actor, "source.register", chosen) and chosen.ended_at is None,
        "may_mend": may(request.actor, "window.add", chosen.model),
        "crumbs": crumbs(chosen.model, _("Fetched data")),
    }
    return render(request, "monitoring/sources/feed.html", context, status=422 if form.errors else 200)


@viewed
@require_POST
def end_feed(request: Request, feed_id: UUID) -> HttpResponse:
    chosen = found(Feed.objects.visible_to(request.actor), pk=feed_id)
    services.end_feed(by=request.actor, feed=chosen)
    messages.success(request, _("Nothing more is fetched from this table. What was fetched stays."))
    return redirect("sources:source", chosen.source_id)
