"""The pages of the organisation's trainings."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import RuleBroken
from governance.inventory.forms import WithdrawForm
from governance.obligations.house import queries
from governance.obligations.house import training as services
from governance.obligations.house.forms import TrainingForm
from governance.obligations.house.models import Training
from governance.obligations.house.views import FOLDER, crumbs, its_home
from governance.people.actor import ALL
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require


@require_http_methods(["GET", "POST"])
@viewed
def trainings(request: Request) -> HttpResponse:
    """Who was taught what, and below it the form for those who record it."""
    home = its_home(request)
    form = TrainingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.actor, "training.record", home)
    if form.is_valid():
        try:
            services.record(by=request.actor, organisation=home, held=form.held)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The training is on record."))
            return redirect("house:trainings")
    context = {
        "form": form,
        "trainings": queries.trainings(request.actor),
        "across": request.actor.reads == ALL,
        "may_record": may(request.actor, "training.record", home),
        "crumbs": crumbs(_("Trainings")),
    }
    return render(request, f"{FOLDER}/trainings.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@viewed
def withdraw(request: Request, training_id: UUID) -> HttpResponse:
    """A training that was recorded by mistake."""
    training = found(
        Training.objects.visible_to(request.actor).select_related("organisation"), pk=training_id
    )
    require(request.actor, "training.record", training)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.withdraw(by=request.actor, training=training, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The training no longer counts."))
            return redirect("house:trainings")
    context = {"form": form, "training": training, "crumbs": crumbs(_("Withdraw a training"))}
    return render(request, f"{FOLDER}/withdraw_training.html", context, status=422 if form.errors else 200)
