"""The pages of one dataset: its versions, and the forms that correct and retire it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance.errors import RuleBroken
from governance.inventory.registering import crumbs
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.rights import require
from monitoring.data import queries as data
from monitoring.data.ended import refuse_ended
from monitoring.data.models import Dataset
from monitoring.data.views import rights_over
from monitoring.editions import queries, services
from monitoring.editions.forms import CorrectionForm, RetirementForm
from monitoring.editions.services import Edition

REFUSED = 422


@require_safe
@viewed
def dataset(request: Request, dataset_id: UUID) -> HttpResponse:
    """One version of a dataset with its data periods, and all versions of it."""
    shown = _its_dataset(request.actor, dataset_id)
    [described] = data.described([shown])
    context = {
        "dataset": shown,
        "model": shown.model,
        "each": described,
        "versions": queries.versions_of(shown),
        **rights_over(request.actor, shown.model),
        "crumbs": crumbs(shown.model, shown.title),
    }
    return render(request, "monitoring/editions/dataset.html", context)


@require_http_methods(["GET", "POST"])
@viewed
def correct(request: Request, dataset_id: UUID) -> HttpResponse:
    """The form of a new version, which begins with what the present one says."""
    former = _describable(request.actor, dataset_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, dataset=former)
    if request.method == "POST" and form.is_valid():
        try:
            edition = services.correct(by=request.actor, dataset=former, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            said = _("Version %(version)s of the dataset %(name)s is described.")
            told = {"version": edition.dataset.version, "name": edition.dataset.name}
            return _done(request, edition, said % told)
    return _asked(request, former, form, _("Correct a description"), "correct.html")


@require_http_methods(["GET", "POST"])
@viewed
def retire(request: Request, dataset_id: UUID) -> HttpResponse:
    """Ask for the reason, then retire a dataset."""
    former = _describable(request.actor, dataset_id)
    form = RetirementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        edition = services.retire(by=request.actor, dataset=former, reason=form.cleaned_data["reason"])
        return _done(request, edition, _("The dataset %(name)s is retired.") % {"name": former.name})
    return _asked(request, former, form, _("Retire a dataset"), "retire.html")


def _done(request: Request, edition: Edition, said: str) -> HttpResponse:
    messages.success(request, said)
    if edition.checks.going_on:
        on = _("These checks go on with it: %(checks)s.")
        messages.info(request, on % {"checks": _named(edition.checks.going_on)})
    if edition.checks.ended:
        ended = _("The plans of these checks have ended: %(checks)s.")
        messages.warning(request, ended % {"checks": _named(edition.checks.ended)})
    if edition.was_fed:
        messages.warning(
            request, _("It is no longer fed from a table. An administrator can name the table anew.")
        )
    return redirect("editions:dataset", edition.dataset.pk)


def _named(checks: Any) -> str:
    return ", ".join(map(str, queries.titles(checks)))


def _its_dataset(actor: Actor, dataset_id: UUID) -> Dataset:
    rows = Dataset.objects.visible_to(actor).select_related("model", "ended_by", "successor")
    shown: Dataset = found(rows, pk=dataset_id)
    return shown


def _describable(actor: Actor, dataset_id: UUID) -> Dataset:
    """Raises NotFound, NotAllowed, and OutOfOrder for one that has ended."""
    former = _its_dataset(actor, dataset_id)
    require(actor, "dataset.describe", former.model)
    refuse_ended(former)
    return former


def _asked(request: Request, former: Dataset, form: Any, title: str, template: str) -> HttpResponse:
    context = {"form": form, "dataset": former, "model": former.model, "crumbs": crumbs(former.model, title)}
    return render(request, f"monitoring/editions/{template}", context, status=REFUSED if form.errors else 200)
