"""After the sections: the check of all answers, the acknowledgement, and what ends a model or changes its owner."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.errors import NotFound, RuleBroken
from governance.inventory import answers, queries, services
from governance.inventory.forms import HandOverForm, RefusableForm, WithdrawForm
from governance.inventory.registering import crumbs, its_model
from governance.inventory.rows.queries import of_the_registration
from governance.inventory.steps import steps
from governance.inventory.suppliers import queries as suppliers
from governance.people.door import Request, viewed
from governance.people.rights import may, require


@require_http_methods(["GET", "POST"])
@viewed
def check_answers(request: Request, model_id: UUID) -> HttpResponse:
    """Every answer with a way to change it, and what registration still waits for; sending it registers the model."""
    model = its_model(request.actor, model_id)
    require(request.actor, "model.edit", model)
    form = RefusableForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            services.submit(by=request.actor, model=model)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            return redirect("inventory:registered", model.pk)
    chapters = queries.record(model)
    lists, unasked = of_the_registration(model)
    context = {
        "form": form,
        "model": model,
        "chapters": [chapter for chapter in chapters if not chapter.section.later],
        "profile": [chapter for chapter in chapters if chapter.section.later],
        "after_grading": answers.opened_by_grade(answers.graded(model)),
        "chain": suppliers.chain_of(model),
        "lists": lists,
        "unasked": unasked,
        "missing": sum(chapter.missing for chapter in chapters),
        "may_withdraw": may(request.actor, "model.withdraw", model),
        "may_reassign": may(request.actor, "model.reassign", model),
        "contradictions": answers.contradictions(answers.of(model)),
        "steps": steps(model, "check"),
        "crumbs": crumbs(model, _("Check and register") if model.is_draft else _("Answers")),
    }
    status = 422 if form.errors else 200
    return render(request, "governance/inventory/check_answers.html", context, status=status)


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
    """Take a registered model out of use, or throw a draft away."""
    model = its_model(request.actor, model_id)
    require(request.actor, "model.withdraw", model)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        end = services.discard if model.is_draft else services.withdraw
        words = _("The draft %(model)s is discarded.") if model.is_draft else _("%(model)s is withdrawn.")
        try:
            end(by=request.actor, model=model, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words % {"model": model})
            return redirect("model", model.pk)
    here = _("Discard the draft") if model.is_draft else _("Withdraw")
    context = {"form": form, "model": model, "crumbs": crumbs(model, here)}
    status = 422 if form.errors else 200
    return render(request, "governance/inventory/withdraw.html", context, status=status)


@require_http_methods(["GET", "POST"])
@viewed
def hand_over(request: Request, model_id: UUID) -> HttpResponse:
    """Give a model another owner."""
    model = its_model(request.actor, model_id)
    require(request.actor, "model.reassign", model)
    form = HandOverForm(request.POST if request.method == "POST" else None, model=model)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.reassign(by=request.actor, model=model, to=said["owner"].pk, reason=said["reason"])
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            told = _("%(name)s answers for %(model)s from now on. Both of them are told.")
            messages.success(request, told % {"name": said["owner"], "model": model})
            return redirect("model", model.pk)
    context = {"form": form, "model": model, "crumbs": crumbs(model, _("Another owner"))}
    status = 422 if form.errors else 200
    return render(request, "governance/inventory/hand_over.html", context, status=status)
