"""The administrator's pages: which MLflow servers are connected, and which of their models are ours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from governance.errors import OutOfOrder, RuleBroken
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import require
from monitoring.mlflow_link import queries, services
from monitoring.mlflow_link.forms import ConnectorForm, LinkForm
from monitoring.mlflow_link.models import Connector, Link


def _home(actor: Actor) -> Organisation:
    organisation: Organisation = found(Organisation.objects.visible_to(actor), pk=actor.organisation_id)
    require(actor, "connector.register", organisation)
    return organisation


def _connector(actor: Actor, connector_id: UUID) -> Connector:
    connector: Connector = found(Connector.objects.visible_to(actor), pk=connector_id)
    require(actor, "connector.register", connector)
    return connector


def _crumbs(*ways: tuple[object, str | None]) -> list[tuple[object, str | None]]:
    return [("MLflow", reverse("mlflow:connectors")), *ways]


@viewed
def connectors(request: Request) -> HttpResponse:
    _home(request.actor)
    return render(
        request, "monitoring/mlflow_link/connectors.html", {"lines": queries.connectors(request.actor)}
    )


@require_http_methods(["GET", "POST"])
@viewed
def add(request: Request) -> HttpResponse:
    organisation = _home(request.actor)
    form = ConnectorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            connector = services.register(by=request.actor, organisation=organisation, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        except OutOfOrder as refusal:
            form.add_error("url", str(refusal))
        else:
            messages.success(request, _("The server is connected. Now link its models with yours."))
            return redirect("mlflow:connector", connector.pk)
    context = {"form": form, "crumbs": _crumbs((_("Connect a server"), None))}
    return render(request, "monitoring/mlflow_link/add.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def connector(request: Request, connector_id: UUID) -> HttpResponse:
    """One server: how it fares, what is linked, and the form that links another model."""
    chosen = _connector(request.actor, connector_id)
    models = queries.models_to_link(request.actor, chosen.organisation_id)
    form = LinkForm(request.POST if request.method == "POST" else None, models=models)
    if request.method == "POST" and form.is_valid():
        try:
            linked = services.link(by=request.actor, connector=chosen, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        except OutOfOrder as refusal:
            form.add_error("registered_name", str(refusal))
        else:
            words = _("“%(name)s” is linked. Its versions are copied within a minute.")
            messages.success(request, words % {"name": linked.registered_name})
            return redirect("mlflow:connector", chosen.pk)
    return render(request, "monitoring/mlflow_link/connector.html", _page(chosen, form, models))


def _page(chosen: Connector, form: LinkForm, models: object) -> dict[str, Any]:
    return {
        "connector": chosen,
        "status": queries.status(chosen),
        "stated": queries.stated(chosen.last_error),
        "links": queries.links_of(chosen),
        "form": form,
        "models": models,
        "crumbs": _crumbs((chosen.name, None)),
    }


@viewed
@require_POST
def test(request: Request, connector_id: UUID) -> HttpResponse:
    chosen = _connector(request.actor, connector_id)
    tested = services.test(by=request.actor, connector=chosen)
    if tested.trouble:
        told = queries.stated(tested.trouble)
        messages.error(request, f"{told.words} {told.todo}")
    else:
        words = _("The connection works: MLflow %(release)s answers, and the sign-in is accepted.")
        messages.success(request, words % {"release": tested.release})
    return redirect("mlflow:connector", chosen.pk)


@viewed
@require_POST
def read(request: Request, connector_id: UUID) -> HttpResponse:
    chosen = _connector(request.actor, connector_id)
    services.read_now(by=request.actor, connector=chosen)
    messages.success(request, _("The server is being read. Look again in a few seconds."))
    return redirect("mlflow:connector", chosen.pk)


@viewed
@require_POST
def end(request: Request, connector_id: UUID) -> HttpResponse:
    chosen = _connector(request.actor, connector_id)
    services.end(by=request.actor, connector=chosen)
    messages.success(request, _("The server is no longer read. What was copied from it stays."))
    return redirect("mlflow:connectors")


@viewed
@require_POST
def unlink(request: Request, link_id: UUID) -> HttpResponse:
    link = found(Link.objects.visible_to(request.actor), pk=link_id)
    services.unlink(by=request.actor, link=link)
    messages.success(request, _("The link has ended. What was copied through it stays."))
    return redirect("mlflow:connector", link.connector_id)
