"""Pages that act on an incident or a permission: open, contain, close, tell, suspend, stop, lift, release."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from governance.approvals.models import Authorisation
from governance.approvals.words import environment
from governance.incidents import queries, services
from governance.incidents.door import Sheet, filled_in, held
from governance.incidents.forms import CloseForm, ContainForm, GiveForm, LiftForm, OpenForm, SuspendForm
from governance.incidents.kinds import Source
from governance.incidents.models import Incident, Notice, SuspensionOrder
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import viewing
from governance.people.door import Request

both = require_http_methods(["GET", "POST"])


@both
def open_incident(request: Request, model_id: UUID) -> HttpResponse:
    """An officer of the supervisor can open one at a participant, too."""
    actor = request.actor
    model = held(request, _models(request), "incident.open", pk=model_id)
    with viewing(actor):
        versions = list(ModelVersion.objects.filter(model=model))
    sheet = Sheet(
        model=model,
        title=_("Open an incident"),
        lead=_("Owner, second line and committee are told at once, and the clocks that the law sets start."),
        submit=_("Open the incident"),
        done=_("The incident is on record. Everybody concerned has a message."),
        back=reverse("model", args=[model.pk]) + "#incidents",
    )
    source = Source.PERSON if actor.works_in(model.organisation_id) else Source.SUPERVISOR
    act = partial(services.open_incident, by=actor, model=model, source=source)
    return filled_in(request, OpenForm(request.POST or None, versions=versions), act, sheet)


@both
def contain(request: Request, incident_id: UUID) -> HttpResponse:
    incident = held(request, queries.of(request.actor), "incident.handle", pk=incident_id)
    sheet = _of_incident(
        incident,
        title=_("The harm is stopped"),
        lead=_("The incident stays open until its cause is known and removed."),
        submit=_("Note that it is contained"),
        done=_("The incident is contained."),
    )
    act = partial(services.contain, by=request.actor, incident=incident)
    return filled_in(request, ContainForm(request.POST or None), act, sheet)


@both
def close(request: Request, incident_id: UUID) -> HttpResponse:
    incident = held(request, queries.of(request.actor), "incident.handle", pk=incident_id)
    sheet = _of_incident(
        incident,
        title=_("Close the incident"),
        lead=_("With its cause and its measures it becomes evidence of how you handle incidents."),
        submit=_("Close it"),
        done=_("The incident is closed."),
    )
    form = CloseForm(request.POST or None, initial={"measures": incident.containment})
    return filled_in(request, form, partial(services.close, by=request.actor, incident=incident), sheet)


@both
def give(request: Request, notice_id: UUID) -> HttpResponse:
    """Write down that an addressee was told."""
    notices = Notice.objects.visible_to(request.actor).select_related("incident", "model__owner")
    notice = held(request, notices, "notice.give", pk=notice_id)
    sheet = _of_incident(
        notice.incident,
        model=notice.model,
        title=_("Notice to %(addressee)s") % {"addressee": notice.get_addressee_display()},
        lead=_("Senim sends nothing by itself: tell them by your own channel, then write it down here."),
        submit=_("Note that they were told"),
        done=_("The notice is on record."),
    )
    act = partial(services.give_notice, by=request.actor, notice=notice)
    return filled_in(request, GiveForm(request.POST or None), act, sheet)


@both
def suspend(request: Request, authorisation_id: UUID) -> HttpResponse:
    permissions = Authorisation.objects.visible_to(request.actor).select_related("model__owner", "version")
    permission = held(request, permissions, "permission.suspend", pk=authorisation_id)
    sheet = Sheet(
        model=permission.model,
        title=_("Suspend version %(version)s in %(environment)s")
        % {"version": permission.version.label, "environment": environment(permission.environment)},
        lead=_("The gate denies from the next question on. Only a decision of the committee lifts it."),
        submit=_("Suspend now"),
        done=_("The permission is suspended. The gate denies from now on."),
        back=reverse("model", args=[permission.model_id]) + "#permission",
        grave=True,
    )
    act = partial(services.suspend, by=request.actor, authorisation=permission)
    return filled_in(request, _stop_form(request, permission.model), act, sheet)


@both
def stop(request: Request, model_id: UUID) -> HttpResponse:
    """The emergency stop: every permission of the model at once."""
    model = held(request, _models(request), "permission.suspend", pk=model_id)
    sheet = Sheet(
        model=model,
        title=_("Emergency stop"),
        lead=_(
            "Every permission of this model is suspended at once. Only decisions of the committee lift that."
        ),
        submit=_("Stop everything now"),
        done=_("Every permission of this model is suspended. The gate denies from now on."),
        back=reverse("model", args=[model.pk]) + "#permission",
        grave=True,
    )
    act = partial(services.emergency_stop, by=request.actor, model=model)
    return filled_in(request, _stop_form(request, model), act, sheet)


@both
def lift(request: Request, order_id: UUID) -> HttpResponse:
    """Ask the committee whether a suspended permission may be active again."""
    order = held(request, _orders(request), "permission.ask_lift", pk=order_id)
    sheet = Sheet(
        model=order.model,
        title=_("Ask for the lift of the suspension"),
        lead=_(
            "The committee decides on it like on a new permission, over everything that stands on record now."
        ),
        submit=_("Ask the committee"),
        done=_("The committee has been asked."),
        back=reverse("model", args=[order.model_id]) + "#permission",
    )
    initial = {"reason": order.incident.measures if order.incident else ""}
    act = partial(services.ask_for_lift, by=request.actor, order=order)
    return filled_in(request, LiftForm(request.POST or None, initial=initial), act, sheet, order=order)


@require_POST
def release(request: Request, order_id: UUID) -> HttpResponse:
    order = held(request, _orders(request), "permission.release", pk=order_id)
    services.release(by=request.actor, order=order)
    messages.success(request, _("The participant's committee can be asked for the lift now."))
    return redirect(reverse("model", args=[order.model_id]) + "#permission")


def _models(request: Request) -> QuerySet[AIModel]:
    known: QuerySet[AIModel] = AIModel.objects.visible_to(request.actor)
    return known.select_related("owner", "organisation")


def _orders(request: Request) -> QuerySet[SuspensionOrder]:
    known: QuerySet[SuspensionOrder] = SuspensionOrder.objects.visible_to(request.actor)
    return known.select_related(
        "model__owner", "incident", "authorisation__version", "authorisation__model__owner"
    )


def _stop_form(request: Request, model: AIModel) -> SuspendForm:
    with viewing(request.actor):
        incidents = list(Incident.objects.open().filter(model=model))
    return SuspendForm(
        request.POST or None, incidents=incidents, initial={"incident": request.GET.get("incident", "")}
    )


def _of_incident(
    incident: Incident, *, title: str, lead: str, submit: str, done: str, model: AIModel | None = None
) -> Sheet:
    page = reverse("incidents:incident", args=[incident.pk])
    return Sheet(
        model=model or incident.model,
        title=title,
        lead=lead,
        submit=submit,
        done=done,
        back=page,
        crumbs=[(incident.number, page)],
    )
