"""The pages of a model's data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance.errors import RuleBroken
from governance.inventory.forms import RefusableForm
from governance.inventory.models import AIModel
from governance.inventory.registering import crumbs, its_model
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from monitoring.counting.documents import canonical
from monitoring.counting.program import FILE_NAME, program
from monitoring.data import queries, receiving, services
from monitoring.data.ended import refuse_ended
from monitoring.data.forms import CorrectionForm, DatasetForm, WindowForm, WithdrawalForm
from monitoring.data.models import Dataset, MadeOf, Window
from monitoring.data.queries import Described
from monitoring.refusals import queries as refused_files
from monitoring.refusals import services as refusals
from monitoring.shielding.rightful import grounds_of
from monitoring.shielding.rules import proposed
from monitoring.sources import queries as sources

REFUSED = 422


@require_http_methods(["GET", "POST"])
@viewed
def model_data(request: Request, model_id: UUID) -> HttpResponse:
    """All datasets of a model with their data periods, and the form that describes another one."""
    model = its_model(request.actor, model_id)
    form = DatasetForm(request.POST if request.method == "POST" else None, initial=proposed(model))
    if request.method == "POST" and form.is_valid():
        try:
            dataset = services.describe(by=request.actor, model=model, **form.cleaned_data)
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The dataset %(name)s is described.") % {"name": dataset.name})
            return redirect("data:data", model.pk)
    described = queries.datasets_of(model)
    context = {
        "model": model,
        "form": form,
        "described": described,
        "to_decide": _to_decide(request.actor, model, described),
        "ended": queries.ended_of(model),
        "feeds": sources.feeds_of_model(model),
        "refused": refused_files.latest(model) if may(request.actor, "window.add", model) else [],
        **rights_over(request.actor, model),
        "crumbs": crumbs(model, _("Data")),
    }
    return render(request, "monitoring/data/data.html", context, status=REFUSED if form.errors else 200)


def _to_decide(actor: Actor, model: AIModel, described: list[Described]) -> frozenset[UUID]:
    """Ids of the newer references that wait for a word of this reader."""
    waiting = [each for one in described for each in one.windows if each.awaits_acceptance]
    for window in waiting:
        window.model = model
    return frozenset(each.pk for each in waiting if may(actor, "reference.decide", each))


def rights_over(actor: Actor, model: AIModel) -> dict[str, bool]:
    """What the card of a dataset offers its reader."""
    return {
        "may_describe": may(actor, "dataset.describe", model),
        "may_add": may(actor, "window.add", model),
        "may_withdraw": may(actor, "window.withdraw", model),
        "may_erase": may(actor, "window.erase", model),
        "may_keep": may(actor, "window.keep_longer", model),
        "may_explain": may(actor, "decision.explain", model),
        "may_report": may(actor, "evidently_report.ask", model),
    }


@require_http_methods(["GET", "POST"])
@viewed
def add_window(request: Request, dataset_id: UUID) -> HttpResponse:
    """Upload one data period. A file that breaks a rule is refused with every row and column named."""
    dataset = found(Dataset.objects.visible_to(request.actor).select_related("model"), pk=dataset_id)
    require(request.actor, "window.add", dataset.model)
    refuse_ended(dataset)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = WindowForm(*given, dataset=dataset)
    more: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            with refusals.noted(request.actor):
                window = services.add_window(
                    by=request.actor, dataset=dataset, file_name=said["file"].name, **said
                )
        except RuleBroken as refusal:
            form.refuse(refusal)
            more = refusals.report_of(refusal)
        else:
            messages.success(request, _taken_in(window))
            return redirect("data:data", dataset.model_id)
    context: dict[str, Any] = {
        "form": form,
        "dataset": dataset,
        "model": dataset.model,
        "crumbs": crumbs(dataset.model, _("New data period")),
        **more,
    }
    return render(request, "monitoring/data/add_window.html", context, status=REFUSED if form.errors else 200)


@require_safe
@viewed
def plan_of_counts(request: Request, dataset_id: UUID) -> HttpResponse:
    """What a firm counts at home instead of handing in rows, as a file for senim count."""
    dataset = found(Dataset.objects.visible_to(request.actor), pk=dataset_id)
    answer = HttpResponse(canonical(receiving.plan_of_counts(dataset)), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="plan-of-counts.json"'
    return answer


@require_safe
@viewed
def counting_program(_request: Request) -> HttpResponse:
    """The command that counts by such a plan, as one file."""
    answer = HttpResponse(
        program(), content_type="application/zip", headers={"X-Content-Type-Options": "nosniff"}
    )
    answer["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


def _taken_in(window: Window) -> str:
    waits = _("It counts as the reference once the second line has accepted it.")
    return f"{_what_came(window)} {waits}" if window.awaits_acceptance else _what_came(window)


def _what_came(window: Window) -> str:
    if window.made_of == MadeOf.COUNTS:
        counted = _("The data period %(name)s is taken in: counts of %(rows)s rows, no rows.")
        return counted % {"name": window.name, "rows": window.rows}
    said = _("The data period %(name)s is taken in: %(rows)s rows, %(columns)s columns.")
    return said % {"name": window.name, "rows": window.rows, "columns": len(window.columns)}


@require_http_methods(["GET", "POST"])
@viewed
def withdraw_window(request: Request, window_id: UUID) -> HttpResponse:
    """Ask for the reason, then withdraw a data period."""
    window = _its_window(request.actor, window_id)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.withdraw_window(by=request.actor, window=window, reason=form.cleaned_data["reason"])
        messages.success(request, _("The data period %(name)s is withdrawn.") % {"name": window.name})
        return redirect("data:data", window.model_id)
    return _asked(request, window, form, _("Withdraw a data period"), "withdraw_window.html")


@require_http_methods(["GET", "POST"])
@viewed
def correct_window(request: Request, window_id: UUID) -> HttpResponse:
    """Take in the right file in place of a wrong one; when it is refused, the wrong one still stands."""
    window = _its_window(request.actor, window_id)
    refuse_ended(window.dataset)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CorrectionForm(*given, dataset=window.dataset, initial=_said_before(window))
    more: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            with refusals.noted(request.actor):
                right = services.correct_window(
                    by=request.actor, window=window, file_name=said["file"].name, **said
                )
        except RuleBroken as refusal:
            form.refuse(refusal)
            more = refusals.report_of(refusal)
        else:
            messages.success(request, _taken_in(right))
            return redirect("data:data", window.model_id)
    return _asked(request, window, form, _("Correct a data period"), "correct_window.html", more)


def _said_before(window: Window) -> dict[str, Any]:
    """What was said of the wrong one; dates that the rows tell are not repeated."""
    told_by_rows = bool(window.dataset.time)
    dates = {} if told_by_rows else {"starts_on": window.starts_on, "ends_on": window.ends_on}
    return {**dates, **grounds_of(window).as_fields()}


def _its_window(actor: Actor, window_id: UUID) -> Window:
    """Raises NotFound, and NotAllowed for whoever may not withdraw it."""
    window: Window = found(Window.objects.visible_to(actor).select_related("model", "dataset"), pk=window_id)
    require(actor, "window.withdraw", window.model)
    return window


def _asked(
    request: Request,
    window: Window,
    form: RefusableForm,
    title: str,
    template: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {"form": form, "window": window, "model": window.model, "crumbs": crumbs(window.model, title)}
    context |= more or {}
    return render(request, f"monitoring/data/{template}", context, status=REFUSED if form.errors else 200)
