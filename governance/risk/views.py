"""The grade of a model, and the questionnaire that gives it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from governance.errors import RuleBroken
from governance.inventory.models import AIModel
from governance.inventory.registering import crumbs, its_model
from governance.people.door import Request, viewed
from governance.people.rights import may, require
from governance.risk import declared, queries, questionnaire, registering, services
from governance.risk.forms import GradeForm
from governance.risk.grades import current_grade


@require_http_methods(["GET", "POST"])
@viewed
def grade(request: Request, model_id: UUID) -> HttpResponse:
    """The grade with its reasons; the questionnaire where there is none yet."""
    model = its_model(request.actor, model_id)
    can_assess = may(request.actor, "risk.assess", model)
    if request.method == "POST" or (can_assess and current_grade(model) is None):
        return _questionnaire(request, model)
    context = {**_shown(model), "can_assess": can_assess, "crumbs": crumbs(model, _("Grade"))}
    context["can_override"] = may(request.actor, "risk.override", model) and not model.withdrawn_at
    context["can_register"] = may(request.actor, "model.register", model.organisation)
    return render(request, "governance/risk/grade.html", context)


def _shown(model: AIModel) -> dict[str, Any]:
    current = current_grade(model)
    return {
        "model": model,
        "grade": current,
        "degrees": queries.explained(current) if current else [],
        "declared": declared.of(model),
        "rule": registering.registered_rule(model.organisation_id),
        "former": queries.former_grades(model),
        "overrides": queries.overrides_of(model),
    }


@require_http_methods(["GET", "POST"])
@viewed
def assess(request: Request, model_id: UUID) -> HttpResponse:
    """The questionnaire, filled with the answers of the grade that stands."""
    return _questionnaire(request, its_model(request.actor, model_id))


@require_POST
@viewed
def register_rule(request: Request, model_id: UUID) -> HttpResponse:
    """Enter the grading rule as a model of the organisation; what only the organisation knows is asked next."""
    organisation = its_model(request.actor, model_id).organisation
    require(request.actor, "model.register", organisation)
    rule = services.register_rule(by=request.actor, organisation=organisation)
    if not rule.is_draft:
        messages.success(request, _("The edition of today is a version of it now."))
        return redirect("model", rule.pk)
    messages.success(
        request,
        _("It is entered as %(number)s. Answer what is open, then hand it in.") % {"number": rule.number},
    )
    return redirect("inventory:check-answers", rule.pk)


def _questionnaire(request: Request, model: AIModel) -> HttpResponse:
    """A request of htmx shows the questions that the answers so far open, and saves nothing."""
    require(request.actor, "risk.assess", model)
    if "HX-Request" in request.headers:
        return render(
            request,
            "governance/risk/_questions.html",
            {"model": model, "form": GradeForm(shown=request.POST)},
        )
    current = current_grade(model)
    initial = current.computed.answers if current else {}
    form = GradeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.assess(by=request.actor, model=model, answers=form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("risk:grade", model.pk)
    context = {"model": model, "form": form, "current": current, "edition": questionnaire.CURRENT}
    context["crumbs"] = crumbs(model, _("Grade"))
    return render(request, "governance/risk/questionnaire.html", context)
