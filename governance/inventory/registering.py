"""The sections of the registration, one by one. What comes after them is in finishing.py."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import NotFound, OutOfOrder, RuleBroken
from governance.inventory import answers, keeping, services, typing_in
from governance.inventory.forms import SectionForm
from governance.inventory.keeping import OlderCopy
from governance.inventory.models import AIModel
from governance.inventory.questions import Section
from governance.inventory.sections import BY_SLUG, SECTIONS
from governance.inventory.steps import steps
from governance.inventory.words import Status
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import require

FIRST = SECTIONS[0]
NOTHING_YET = "nothing"
"""The fingerprint that the first page carries before there is a model."""
BEGUN = Signer(salt="registration")


def its_model(actor: Actor, model_id: UUID) -> AIModel:
    model: AIModel = found(AIModel.objects.visible_to(actor).select_related("owner"), pk=model_id)
    return model


@require_http_methods(["GET", "POST"])
@viewed
def new(request: Request) -> HttpResponse:
    """The first section, before there is a model; sending it makes the draft.

    The page carries the id of the model to be, so that what is kept while typing and what is sent are one draft.
    """
    organisation = found(Organisation.objects.visible_to(request.actor), pk=request.actor.organisation_id)
    require(request.actor, "model.register", organisation)
    begun = _begun(request)
    there = AIModel.objects.visible_to(request.actor).filter(pk=begun).first()
    if there is not None:
        return section_page(request, there, FIRST)
    assert request.actor.user_id is not None  # the right is a person's, and a session is of a person
    model = AIModel(id=begun, organisation=organisation, owner_id=request.actor.user_id)
    if keeping.asked(request):
        return typing_in.begin(request, model, FIRST)
    form = SectionForm(_sent(request), section=FIRST, model=model)
    if request.method == "POST" and form.is_valid():
        try:
            drafted = services.register(
                by=request.actor, organisation=organisation, fields=form.cleaned_data, id=begun
            )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The draft is saved under %(number)s.") % {"number": drafted.number})
            return redirect(_next(request, drafted, FIRST))
    context = {"begun": BEGUN.sign(str(begun)), "seen": NOTHING_YET}
    return _page(request, None, FIRST, form, context)


def _begun(request: Request) -> UUID:
    """The id that this page was given; only we give one."""
    try:
        return UUID(BEGUN.unsign(request.POST.get("begun", "")))
    except (BadSignature, ValueError):
        return uuid.uuid4()


@require_http_methods(["GET", "POST"])
@viewed
def edit(request: Request, model_id: UUID, section: str) -> HttpResponse:
    """One section. A request of htmx shows the questions that the answers typed so far open, and saves nothing."""
    model = its_model(request.actor, model_id)
    if section not in BY_SLUG:
        raise NotFound
    require(request.actor, "model.edit", model)
    if model.status == Status.WITHDRAWN:
        raise OutOfOrder(_("This model was withdrawn."))
    return section_page(request, model, BY_SLUG[section])


def section_page(request: Request, model: AIModel, this: Section) -> HttpResponse:
    if "HX-Request" in request.headers:
        return _opened(request, model, this)
    if keeping.asked(request):
        return typing_in.keep(request, model, this)
    form = SectionForm(_sent(request), section=this, model=model)
    seen = request.POST.get("seen", "")
    if request.method == "POST" and form.is_valid():
        try:
            over = (this, seen) if seen else None
            model = services.edit(by=request.actor, model=model, fields=form.cleaned_data, over=over)
        except RuleBroken as refusal:
            form.refuse(refusal)
        except OlderCopy as refusal:
            return _compared(request, model, this, form, refusal)
        else:
            return redirect(_after(request, model, this))
    return _page(request, model, this, form, {"seen": seen or _fingerprint(model, this)})


def _fingerprint(model: AIModel, section: Section) -> str:
    return answers.fingerprint(section, answers.of(model))


def _opened(request: Request, model: AIModel, this: Section) -> HttpResponse:
    """The questions, and the steps, that the answers typed so far open."""
    form = SectionForm(section=this, model=model, shown=request.POST)
    ways = steps(model, this.slug, given={**form.known, **answers.settled(form.known)})
    context = {"form": form, "section": this, "model": model, "steps": ways}
    return render(request, "governance/inventory/_opened.html", context)


def _compared(
    request: Request, model: AIModel, this: Section, form: SectionForm, refusal: OlderCopy
) -> HttpResponse:
    """Nothing was overwritten: what was typed beside what is on record. Sending it again is a decision."""
    model = its_model(request.actor, model.pk)
    context = {
        "seen": _fingerprint(model, this),
        "older": refusal,
        "differences": typing_in.differences(form, model, this),
    }
    return _page(request, model, this, form, context, status=refusal.status)


def _sent(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _after(request: Request, model: AIModel, section: Section) -> str:
    """Where a saved section leads: back to itself while an answer has opened a question that the reader has not seen."""
    given, seen = answers.of(model), section.shown(request.POST.get("shown", "").split())
    unseen = [q for q in answers.missing(given) if q in section.questions and q.name not in seen]
    if unseen:
        messages.info(request, _("Your answer opened another question on this page."))
        return reverse("inventory:edit", args=[model.pk, section.slug]) + _kept(request)
    return _next(request, model, section)


def _kept(request: Request) -> str:
    return "?then=check" if request.GET.get("then") == "check" else ""


def _next(request: Request, model: AIModel, section: Section) -> str:
    if request.POST.get("then") == "leave":
        return reverse("model", args=[model.pk])
    goes_on = section.later or not model.is_registered
    if goes_on and request.GET.get("then") != "check":
        step = following(model, section)
        if step is not None:
            return reverse("inventory:edit", args=[model.pk, step.slug])
    return reverse("inventory:check-answers", args=[model.pk])


def following(model: AIModel, section: Section) -> Section | None:
    """The next section of the registration, or of the profile, that the answers make relevant."""
    part = [each for each in answers.relevant(answers.graded(model)) if each.later == section.later]
    return next((each for each in part if SECTIONS.index(each) > SECTIONS.index(section)), None)


def _page(
    request: Request,
    model: AIModel | None,
    section: Section,
    form: SectionForm,
    more: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "section": section,
        "model": model,
        "keeps": "check" if model is not None and model.is_registered else "save",
        "steps": steps(model, section.slug),
        "waits": answers.waits_for_grade(section, form.known),
        "crumbs": crumbs(model, section.title),
        **more,
    }
    return render(
        request, "governance/inventory/section.html", context, status=422 if form.errors else status
    )


def crumbs(model: AIModel | None, here: object) -> list[tuple[object, str | None]]:
    way: list[tuple[object, str | None]] = [(_("Models"), reverse("models"))]
    if model is not None:
        way.append((str(model), reverse("model", args=[model.pk])))
    return [*way, (here, None)]
