"""Pages of overrides: set an axis of a grade by hand, take it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import OutOfOrder, RuleBroken
from governance.inventory.models import AIModel
from governance.inventory.registering import crumbs
from governance.people.door import Request, found, viewed
from governance.people.rights import require
from governance.risk.grades import current_grade
from governance.risk.overriding import services
from governance.risk.overriding.forms import OverrideForm, RevertForm
from governance.risk.overriding.models import Override
from governance.risk.queries import explained


@require_http_methods(["GET", "POST"])
@viewed
def override(request: Request, model_id: UUID) -> HttpResponse:
    """Set one axis of the grade by hand, for a time."""
    model = found(AIModel.objects.visible_to(request.actor), pk=model_id)
    require(request.actor, "risk.override", model)
    grade = current_grade(model)
    if grade is None:
        raise OutOfOrder(_("Grade the model first: there is nothing to set by hand."))
    form = OverrideForm(request.POST if request.method == "POST" else None, grade=grade)
    if form.is_valid():
        said = form.cleaned_data
        axis, value = said["choice"]
        rest = {"reason": said["reason"], "ends_on": said["ends_on"]}
        try:
            services.override(by=request.actor, model=model, axis=axis, value=value, **rest)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("It is on record, and lapses by itself."))
            return redirect("risk:grade", model.pk)
    context = {"model": model, "form": form, "degrees": explained(grade)[:3]}
    context["crumbs"] = crumbs(model, _("Set by hand"))
    return render(request, "governance/risk/overriding/override.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
@viewed
def revert(request: Request, override_id: UUID) -> HttpResponse:
    """Take back what was set by hand: the computed value counts again."""
    override = found(
        Override.objects.visible_to(request.actor).select_related("model__owner", "set_by"), pk=override_id
    )
    model = override.model
    require(request.actor, "risk.override", model)
    form = RevertForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.revert(by=request.actor, override=override, reason=form.cleaned_data["reason"])
        messages.success(request, _("The computed value counts again."))
        return redirect("risk:grade", model.pk)
    context = {
        "model": model,
        "form": form,
        "override": override,
        "crumbs": crumbs(model, _("Take back")),
    }
    return render(request, "governance/risk/overriding/revert.html", context, status=_status(form))


def _status(form: OverrideForm | RevertForm) -> int:
    return 422 if form.errors else 200
