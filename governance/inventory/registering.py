"""The pages of the registration: its sections one by one, the check of all answers, and what comes after."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import NotFound, OutOfOrder, RuleBroken
from governance.inventory import answers, queries, services
from governance.inventory.forms import RefusableForm, SectionForm, WithdrawForm
from governance.inventory.models import AIModel
from governance.inventory.sections import BY_SLUG, SECTIONS, Section
from governance.inventory.words import Status
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import may, require

FIRST = SECTIONS[0]


def its_model(actor: Actor, model_id: UUID) -> AIModel:
    model: AIModel = found(AIModel.objects.visible_to(actor).select_related("owner"), pk=model_id)
    return model


@require_http_methods(["GET", "POST"])
@viewed
def new(request: Request) -> HttpResponse:
    """The first section, before there is a model; sending it makes the draft."""
    organisation = found(Organisation.objects.visible_to(request.actor), pk=request.actor.organisation_id)
    require(request.actor, "model.register", organisation)
    assert request.actor.user_id is not None  # the right is a person's, and a session is of a person
    model = AIModel(organisation=organisation, owner_id=request.actor.user_id)
    form = SectionForm(_sent(request), section=FIRST, model=model)
    if request.method == "POST" and form.is_valid():
        try:
            drafted = services.register(by=request.actor, organisation=organisation, fields=form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The draft is saved under %(number)s.") % {"number": drafted.number})
            return redirect(_next(request, drafted, FIRST))
    return _section_page(request, None, FIRST, form)


@require_http_methods(["GET", "POST"])
@viewed
def edit(request: Request, model_id: UUID, section: str) -> HttpResponse:
    """One section. A request of htmx shows the questions that the answers typed so far open, and saves nothing."""
    model = its_model(request.actor, model_id)
    if section not in BY_SLUG:
        raise NotFound
    require(request.actor, "model.edit", model)
    _refuse_withdrawn(model)
    this = BY_SLUG[section]
    if "HX-Request" in request.headers:
        form = SectionForm(section=this, model=model, shown=request.POST)
        return render(
            request, "governance/inventory/_questions.html", {"form": form, "section": this, "model": model}
        )
    form = SectionForm(_sent(request), section=this, model=model)
    if request.method == "POST" and form.is_valid():
        try:
            model = services.edit(by=request.actor, model=model, fields=form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect(_after(request, model, this))
    return _section_page(request, model, this, form)


def _sent(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _refuse_withdrawn(model: AIModel) -> None:
    if model.status == Status.WITHDRAWN:
        raise OutOfOrder(_("This model was withdrawn."))


def _after(request: Request, model: AIModel, section: Section) -> str:
    """Where a saved section leads: back to itself while an answer has opened a question that the reader has not seen."""
    given, seen = answers.of(model), request.POST.get("shown", "").split()
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
    place = SECTIONS.index(section) + 1
    if model.is_registered or request.GET.get("then") == "check" or place == len(SECTIONS):
        return reverse("inventory:check-answers", args=[model.pk])
    return reverse("inventory:edit", args=[model.pk, SECTIONS[place].slug])


def _section_page(
    request: Request, model: AIModel | None, section: Section, form: SectionForm
) -> HttpResponse:
    context = {"form": form, "section": section, "model": model, "steps": steps(model, section.slug)}
    return render(
        request, "governance/inventory/section.html", {**context, "crumbs": crumbs(model, section.title)}
    )


def crumbs(model: AIModel | None, here: object) -> list[tuple[object, str | None]]:
    way: list[tuple[object, str | None]] = [(_("Models"), reverse("models"))]
    if model is not None:
        way.append((str(model), reverse("model", args=[model.pk])))
    return [*way, (here, None)]


def steps(model: AIModel | None, here: str) -> list[dict[str, Any]]:
    """For components/steps.html: a section is done when registration waits for none of its questions."""
    waiting = {q.name for q in answers.missing(answers.of(model))} if model else set()
    result = [
        {
            "words": section.title,
            "url": reverse("inventory:edit", args=[model.pk, section.slug]) if model else None,
            "state": _state(section.slug == here, model is not None and not _waits(section, waiting)),
        }
        for section in SECTIONS
    ]
    check = reverse("inventory:check-answers", args=[model.pk]) if model else None
    return [
        *result,
        {"words": _("Check and register"), "url": check, "state": _state(here == "check", False)},
    ]


def _waits(section: Section, waiting: set[str]) -> bool:
    return any(question.name in waiting for question in section.questions)


def _state(is_here: bool, is_done: bool) -> str:
    return "current" if is_here else "done" if is_done else "todo"


@require_http_methods(["GET", "POST"])
@viewed
def check_answers(request: Request, model_id: UUID) -> HttpResponse:
    """Every answer with a way to change it, and what registration still waits for; sending it registers the model."""
    model = its_model(request.actor, model_id)
    require(request.actor, "model.edit", model)
    form = RefusableForm(_sent(request))
    if request.method == "POST":
        try:
            services.submit(by=request.actor, model=model)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("inventory:registered", model.pk)
    chapters = queries.record(model)
    context = {
        "form": form,
        "model": model,
        "chapters": chapters,
        "missing": sum(chapter.missing for chapter in chapters),
        "may_withdraw": model.is_registered and may(request.actor, "model.withdraw", model),
        "contradictions": answers.contradictions(answers.of(model)),
        "steps": steps(model, "check"),
        "crumbs": crumbs(model, _("Check and register") if model.is_draft else _("Answers")),
    }
    return render(request, "governance/inventory/check_answers.html", context)


@viewed
def registered(request: Request, model_id: UUID) -> HttpResponse:
    """The acknowledgement, and what comes next."""
    model = its_model(request.actor, model_id)
    if not model.is_registered:
        raise NotFound
    context = {"model": model, "crumbs": crumbs(model, _("Registered"))}
    return render(request, "governance/inventory/registered.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def withdraw(request: Request, model_id: UUID) -> HttpResponse:
    model = its_model(request.actor, model_id)
    require(request.actor, "model.withdraw", model)
    form = WithdrawForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(by=request.actor, model=model, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(model)s is withdrawn.") % {"model": model})
            return redirect("model", model.pk)
    context = {"form": form, "model": model, "crumbs": crumbs(model, _("Withdraw"))}
    return render(request, "governance/inventory/withdraw.html", context)
