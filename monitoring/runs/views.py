"""The pages of a model's checks."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from governance import store
from governance.errors import NotFound, RuleBroken
from governance.inventory.models import AIModel
from governance.inventory.past import as_they_stood, focus_version
from governance.inventory.registering import crumbs, its_model
from governance.people.actor import Actor
from governance.people.asked_day import AsOf, asked, carried
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from monitoring.checks import CHECKS, REFUSED
from monitoring.data.models import Dataset
from monitoring.recomputing.queries import recomputations
from monitoring.runs import (
    again,
    erased,
    finding_queries,
    hastening,
    heat,
    not_asked,
    past,
    queries,
    schedules,
    services,
    swarms,
    telling,
    tiers,
    usual,
)
from monitoring.runs.forms import PlanForm
from monitoring.runs.models import Finding, Plan, Run
from monitoring.runs.proposing import proposed
from monitoring.runs.upcoming import of_plan


@require_GET
@viewed
def checks(request: Request, model_id: UUID) -> HttpResponse:
    """Each check of a model: what it asks, its limits, and what it answered last."""
    model = its_model(request.actor, model_id)
    as_of = asked(request)
    if as_of:
        return _checks_then(request, model, as_of)
    context = {
        "model": model,
        "board": queries.board(model),
        "edition": tiers.edition(),
        "may_start": may(request.actor, "run.start", model),
        "may_plan": may(request.actor, "plan.set", model),
        "may_set_aside": may(request.actor, "check.not_applicable", model),
        "heat": heat.maps_of(model),
        "refused": REFUSED,
        "open_findings": Finding.objects.visible_to(request.actor).open().filter(model=model).count(),
        "crumbs": crumbs(model, _("Checks")),
    }
    return render(request, "monitoring/runs/checks.html", context)


def _checks_then(request: Request, model: AIModel, as_of: AsOf) -> HttpResponse:
    [then] = as_they_stood([model], as_of)
    context = {
        "as_of": as_of,
        "model": then.model,
        "answered": past.answered(model, focus_version(model, as_of), as_of.end),
        "history": past.history(model, as_of.end),
        "crumbs": carried(crumbs(then.model, _("Checks")), as_of),
    }
    return render(request, "monitoring/runs/checks_as_of.html", context)


@require_POST
@viewed
def start(request: Request, model_id: UUID) -> HttpResponse:
    """Ask all planned questions now."""
    model = its_model(request.actor, model_id)
    runs = services.start(by=request.actor, model=model)
    said = ngettext("%(count)s check is on its way.", "%(count)s checks are on their way.", len(runs))
    messages.success(request, said % {"count": len(runs)})
    for each in not_asked.of_model(model):
        if each.lacks != not_asked.SET_ASIDE:
            messages.warning(request, _("Not asked: %(check)s") % {"check": each.sentence})
    return redirect("runs:checks", model.pk)


@require_POST
@viewed
def plan_all(request: Request, dataset_id: UUID) -> HttpResponse:
    """Take over what is proposed for every check that the dataset can answer and that has no plan."""
    dataset = _its_dataset(request.actor, dataset_id)
    planned = services.set_default_plans(by=request.actor, dataset=dataset)
    said = ngettext("%(count)s check is planned.", "%(count)s checks are planned.", len(planned))
    messages.success(request, said % {"count": len(planned)})
    return redirect("runs:checks", dataset.model_id)


@require_POST
@viewed
def follow(request: Request, dataset_id: UUID, check_key: str) -> HttpResponse:
    """Take over what is proposed for a planned check now."""
    dataset = _its_dataset(request.actor, dataset_id)
    services.follow_proposal(by=request.actor, dataset=dataset, check_key=check_key)
    messages.success(request, _("The plan follows the proposal."))
    return redirect("runs:checks", dataset.model_id)


@require_http_methods(["GET", "POST"])
@viewed
def plan(request: Request, dataset_id: UUID, check_key: str) -> HttpResponse:
    """Set the limits of one check and how often it is asked, with the reason for them."""
    dataset = _its_dataset(request.actor, dataset_id)
    require(request.actor, "plan.set", dataset.model)
    if check_key not in CHECKS:
        raise NotFound
    form = _plan_form(request, dataset, check_key)
    if request.method == "POST" and form.is_valid() and _is_set(request.actor, dataset, form):
        messages.success(request, _("The plan is set."))
        return redirect("runs:checks", dataset.model_id)
    context = {
        "form": form,
        "check": form.check,
        "dataset": dataset,
        "model": dataset.model,
        "proposed": telling.proposal(proposed(dataset.model, check_key)),
        "following": of_plan(dataset.model, dataset, check_key),
        "usual": queries.usual_limits(dataset, form.check),
        "why": usual.why(dataset, form.check),
        "earlier": queries.earlier_plans(dataset, check_key),
        "crumbs": crumbs(dataset.model, form.check.title),
    }
    return render(request, "monitoring/runs/plan.html", context, status=422 if form.errors else 200)


def _plan_form(request: Request, dataset: Dataset, check_key: str) -> PlanForm:
    check = CHECKS[check_key]
    standing = Plan.objects.filter(dataset=dataset, check_key=check_key, ended_at=None).first()
    limits = check.limits_of(standing.limits) if standing else usual.limits(dataset, check)
    today = proposed(dataset.model, check_key)
    days = standing.every_days if standing else today.every_days
    schedule = standing.schedule if standing else schedules.propose(today.tier)
    data = request.POST if request.method == "POST" else None
    return PlanForm(data, check=check, limits=limits, days=days, schedule=schedule)


def _is_set(actor: Actor, dataset: Dataset, form: PlanForm) -> bool:
    said = {"every_days": form.cleaned_data["every_days"], "reason": form.cleaned_data["reason"]}
    said["schedule"] = form.schedule()
    try:
        services.set_plan(by=actor, dataset=dataset, check_key=form.check.key, limits=form.limits(), **said)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    return True


@require_GET
@viewed
def run(request: Request, run_id: UUID) -> HttpResponse:
    """One run: the verdict in words, what was measured, and everything needed to do it again."""
    answer = queries.answer_of(_its_run(request.actor, run_id))
    model = its_model(request.actor, answer.run.model_id)
    noted = Finding.objects.visible_to(request.actor).filter(run=answer.run)
    check = CHECKS.get(answer.run.check_key)
    title = check.title if check else answer.run.check_key
    context = {
        "answer": answer,
        "model": model,
        "check": check,
        "swarm": swarms.swarm_of(answer.run.check_key, answer.result),
        "findings": finding_queries.told(noted),
        "may_start": may(request.actor, "run.start", model),
        "may_hasten": hastening.can_be_hastened(answer.run),
        "gave_no_answer": again.gave_no_answer(answer.run),
        "not_again": again.gave_no_answer(answer.run) and again.refusal(answer.run),
        "recomputations": recomputations(request.actor, answer.run),
        "may_recompute": may(request.actor, "run.recompute", model),
        "inputs_gone": erased.gone_since(answer.run),
        "title": title,
        "crumbs": crumbs(model, title),
    }
    return render(request, "monitoring/runs/run.html", context)


@require_GET
@viewed
def progress(request: Request, run_id: UUID) -> HttpResponse:
    """How far a run is. When it has ended, the page that asked is loaded again."""
    answer = queries.answer_of(_its_run(request.actor, run_id))
    response = render(request, "monitoring/runs/_progress.html", {"answer": answer})
    if answer.run.is_finished:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@viewed
def cancel(request: Request, run_id: UUID) -> HttpResponse:
    """Call a run off."""
    cancelled = services.cancel(by=request.actor, run=_its_run(request.actor, run_id))
    messages.success(request, _("The run is cancelled."))
    return redirect("runs:run", cancelled.pk)


@require_POST
@viewed
def ask_again(request: Request, run_id: UUID) -> HttpResponse:
    """Ask the question of a run once more that gave no answer."""
    asked = services.ask_again(by=request.actor, run=_its_run(request.actor, run_id))
    messages.success(request, _("It is asked again, over the same data."))
    return redirect("runs:run", asked.pk)


@require_POST
@viewed
def put_next(request: Request, run_id: UUID) -> HttpResponse:
    """Give a run that waits a person's priority."""
    hastened = services.put_next(by=request.actor, run=_its_run(request.actor, run_id))
    messages.success(request, _("The run is next in line."))
    return redirect("runs:run", hastened.pk)


@require_GET
@viewed
def raw(request: Request, run_id: UUID) -> HttpResponse:
    """The result as it was stored: these bytes have the digest that the evidence names."""
    answer = queries.answer_of(_its_run(request.actor, run_id))
    if answer.result is None:
        raise NotFound
    content = store.read(answer.run.organisation_id, answer.result.sha256)
    name = f"{answer.run.check_key}-{answer.result.sha256[:12]}.json"
    return HttpResponse(
        content,
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _its_dataset(actor: Actor, dataset_id: UUID) -> Dataset:
    dataset: Dataset = found(Dataset.objects.visible_to(actor).select_related("model"), pk=dataset_id)
    return dataset


def _its_run(actor: Actor, run_id: UUID) -> Run:
    its: Run = found(Run.objects.visible_to(actor), pk=run_id)
    return its
