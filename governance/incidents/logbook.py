"""The pages of one model that are kept over time: the log of human oversight, objections, drills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import SignInNeeded
from governance.incidents import queries, services
from governance.incidents.door import Sheet, filled_in, held
from governance.incidents.forms import AnswerForm, DrillForm, FinishForm, ObjectionForm, OversightForm
from governance.incidents.models import Drill, Objection
from governance.inventory.forms import RefusableForm
from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.door import Request, found
from governance.people.rights import may, require

both = require_http_methods(["GET", "POST"])


@both
def oversight(request: Request, model_id: UUID) -> HttpResponse:
    model = _model(request, model_id)
    form = OversightForm(request.POST or None)
    sheet = _sheet(
        model,
        "oversight",
        title=_("Log of human oversight"),
        lead=_(
            "Who stepped in, when, on which decision, and what was done. It is evidence of human oversight."
        ),
        submit=_("Write it into the log"),
        done=_("The entry is in the log."),
    )
    act = partial(services.record_oversight, by=request.actor, model=model)
    return _kept(request, form, act, sheet, "oversight.record", queries.oversight)


@both
def objections(request: Request, model_id: UUID) -> HttpResponse:
    model = _model(request, model_id)
    form = ObjectionForm(request.POST or None)
    sheet = _sheet(
        model,
        "objections",
        title=_("Objections"),
        lead=_(
            "People who object to a decision of this model, by reference only, and by when they are answered."
        ),
        submit=_("Note the objection"),
        done=_("The objection is on record and its clock runs."),
    )
    act = partial(services.record_objection, by=request.actor, model=model)
    return _kept(request, form, act, sheet, "objection.record", _clocked_objections)


@both
def answer(request: Request, objection_id: UUID) -> HttpResponse:
    known = Objection.objects.visible_to(request.actor).select_related("model__owner")
    objection = held(request, known, "objection.record", pk=objection_id)
    sheet = _sheet(
        objection.model,
        "objections",
        title=_("Answer the objection %(reference)s") % {"reference": objection.reference},
        lead=_("Answer the person by your own channel, then write down here what was answered."),
        submit=_("Note the answer"),
        done=_("The answer is on record."),
    )
    act = partial(services.answer_objection, by=request.actor, objection=objection)
    return filled_in(request, AnswerForm(request.POST or None), act, replace(sheet, template="form"))


@both
def drills(request: Request, model_id: UUID) -> HttpResponse:
    model = _model(request, model_id)
    form = DrillForm(request.POST or None)
    sheet = _sheet(
        model,
        "drills",
        title=_("Drills"),
        lead=_(
            "Whether the stop, the fallback and the way of an incident work is tried before they are needed."
        ),
        submit=_("Start the drill now"),
        done=_("The drill is running: the time is measured until you finish it."),
    )
    act = partial(services.start_drill, by=request.actor, model=model)
    return _kept(request, form, act, sheet, "drill.record", queries.drills)


@both
def finish(request: Request, drill_id: UUID) -> HttpResponse:
    known = Drill.objects.visible_to(request.actor).select_related("model__owner")
    drill = held(request, known, "drill.record", pk=drill_id)
    sheet = _sheet(
        drill.model,
        "drills",
        title=_("Finish the drill"),
        lead=_("The time is taken when you send this."),
        submit=_("It is over"),
        done=_("The drill is on record."),
    )
    act = partial(services.finish_drill, by=request.actor, drill=drill)
    return filled_in(request, FinishForm(request.POST or None), act, replace(sheet, template="form"))


def _model(request: Request, model_id: UUID) -> AIModel:
    if not request.actor.is_known:
        raise SignInNeeded
    known: QuerySet[AIModel] = AIModel.objects.visible_to(request.actor)
    with viewing(request.actor):
        return found(known.select_related("owner", "organisation"), pk=model_id)


def _sheet(model: AIModel, page: str, *, title: str, lead: str, submit: str, done: str) -> Sheet:
    return Sheet(
        model=model,
        title=title,
        lead=lead,
        submit=submit,
        done=done,
        back=reverse(f"incidents:{page}", args=[model.pk]),
        template=page,
    )


def _kept(
    request: Request,
    form: RefusableForm,
    act: Callable[..., object],
    sheet: Sheet,
    right: str,
    rows: Callable[[AIModel], Sequence[Any]],
) -> HttpResponse:
    """A list for everybody who sees the model, and below it the form for those who write into it."""
    if request.method == "POST":
        require(request.actor, right, sheet.model)
    with viewing(request.actor):
        kept = rows(sheet.model)
    may_write = may(request.actor, right, sheet.model)
    return filled_in(request, form, act, sheet, rows=kept, may_write=may_write)


def _clocked_objections(model: AIModel) -> list[queries.Clocked]:
    now = timezone.now()
    return [queries.clocked(each, now) for each in queries.objections(model)]
