"""The grade of a model, and the questionnaire that gives it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.inventory.models import AIModel
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from governance.risk import queries, services
from governance.risk.forms import GradeForm


def _its_model(actor: Actor, model_id: UUID) -> AIModel:
    model: AIModel = found(AIModel.objects.visible_to(actor), pk=model_id)
    return model


@require_http_methods(["GET", "POST"])
@viewed
def grade(request: Request, model_id: UUID) -> HttpResponse:
    """The grade with its reasons; the questionnaire where there is none yet."""
    model = _its_model(request.actor, model_id)
    current = queries.current_grade(model)
    can_assess = may(request.actor, "risk.assess", model)
    if request.method == "POST" or (current is None and can_assess):
        return _questionnaire(request, model)
    context = {
        "model": model,
        "grade": current,
        "degrees": queries.explained(current) if current else [],
        "former": queries.former_grades(model),
        "can_assess": can_assess,
        "crumbs": _crumbs(model),
    }
    return render(request, "governance/risk/grade.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def assess(request: Request, model_id: UUID) -> HttpResponse:
    """The questionnaire, filled with the answers of the grade that stands."""
    return _questionnaire(request, _its_model(request.actor, model_id))


def _questionnaire(request: Request, model: AIModel) -> HttpResponse:
    require(request.actor, "risk.assess", model)
    current = queries.current_grade(model)
    form = GradeForm(
        request.POST if request.method == "POST" else None, initial=current.answers if current else {}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.assess(by=request.actor, model=model, answers=form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("risk:grade", model.pk)
    context = {"model": model, "form": form, "current": current, "crumbs": _crumbs(model)}
    return render(request, "governance/risk/questionnaire.html", context)


def _crumbs(model: AIModel) -> list[tuple[str, str | None]]:
    return [
        (_("Models"), reverse("models")),
        (str(model), reverse("model", args=[model.pk])),
        (_("Grade"), None),
    ]
