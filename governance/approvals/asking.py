"""Pages that ask: the committee for an approval, the gate for its answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance.approvals import dossier, gate, queries, readiness, reading, services, signing, words
from governance.approvals.forms import AskForm, GateForm
from governance.approvals.route import load
from governance.errors import Refusal, RuleBroken, SignInNeeded, Unavailable
from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.registering import crumbs
from governance.obligations.models import DutySheet
from governance.people.acting import viewing
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require
from governance.risk.grades import current_grade


@require_http_methods(["GET", "POST"])
def ask(request: Request, version_id: UUID) -> HttpResponse:
    """Ask the committee. Sending stands outside the view's transaction, so that what is behind is computed first."""
    if request.method != "POST":
        return _ask_page(request, version_id)
    if not request.actor.is_known:
        raise SignInNeeded
    with viewing(request.actor):
        version = _version(request, version_id)
    form = AskForm(request.POST, environments=load().environments)
    if not form.is_valid():
        return _ask_page(request, version_id, form=form)
    asked = services.request(by=request.actor, version=version, **form.cleaned_data)
    messages.success(request, _("The committee has been asked."))
    return redirect("approvals:request", asked.pk)


@viewed
def _ask_page(request: Request, version_id: UUID, form: AskForm | None = None) -> HttpResponse:
    version = _version(request, version_id)
    obstacles = {each: readiness.obstacle_to(version, each) for each in load().environments}
    free = [each for each, obstacle in obstacles.items() if _passes(obstacle)]
    context = {
        "version": version,
        "model": version.model,
        "form": form or AskForm(environments=free, initial={"environment": free[-1] if free else ""}),
        "free": free,
        "blocking": load().blocking_ids,
        "obstacles": [
            (words.environment(each), obstacle) for each, obstacle in obstacles.items() if obstacle
        ],
        **_preview(version, free),
        "crumbs": crumbs(version.model, _("Ask the committee")),
    }
    return render(request, "governance/approvals/ask.html", context)


def _preview(version: ModelVersion, free: list[str]) -> dict[str, Any]:
    """What the committee would see, as far as it is computed."""
    grade, sheet = current_grade(version.model), DutySheet.objects.filter(model_id=version.model_id).first()
    if not free or grade is None or sheet is None:
        return {}
    manifest = dossier.compose(version, free[-1], route={}, grade=grade, sheet=sheet)
    return {"manifest": manifest, "reading": reading.read(manifest)}


def _passes(obstacle: Refusal | None) -> bool:
    """What is still being computed is computed when the request is sent."""
    return obstacle is None or isinstance(obstacle, Unavailable)


@require_http_methods(["GET", "POST"])
@viewed
def gate_page(request: Request, model_id: UUID) -> HttpResponse:
    """What the gate answers today for each version and environment, why, and what it has answered so far."""
    model = found(AIModel.objects.visible_to(request.actor), pk=model_id)
    foreseen = gate.foresee(request.actor, model)
    versions = list({each.version.pk: each.version for each in foreseen}.values())
    form = GateForm(request.POST or None, versions=versions, environments=load().environments)
    if request.method == "POST" and form.is_valid() and _answered(request, model, versions, form):
        return redirect("approvals:gate", model.pk)
    context = {
        "model": model,
        "foreseen": [_spoken(each) for each in foreseen],
        "history": [_told(each) for each in queries.verdicts(model.pk)],
        "form": form if versions and may(request.actor, "gate.ask", model) else None,
        "key_id": signing.key_id(),
        "caution": words.CAUTION,
        "crumbs": crumbs(model, _("Deployment permission")),
    }
    return render(request, "governance/approvals/gate.html", context)


def _answered(request: Request, model: AIModel, versions: list[ModelVersion], form: GateForm) -> bool:
    require(request.actor, "gate.ask", model)
    said = form.cleaned_data
    registered = next(each.artefact_sha256 for each in versions if each.label == said["version"])
    try:
        gate.ask(
            by=request.actor,
            model=model,
            label=said["version"],
            artefact_sha256=said["digest"] or registered,
            environment=said["environment"],
        )
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("The gate has answered; the answer is signed and kept below."))
    return True


def _spoken(foreseen: gate.Foreseen) -> dict[str, Any]:
    reasons = [each.as_dict() for each in foreseen.verdict.reasons]
    return {
        "version": foreseen.version,
        "environment": words.environment(foreseen.environment),
        "answer": foreseen.verdict.answer,
        "valid_until": foreseen.verdict.valid_until,
        "reasons": words.explained(reasons),
    }


def _told(verdict: Any) -> dict[str, Any]:
    return {
        "row": verdict,
        "environment": words.environment(verdict.environment),
        "reasons": words.explained(verdict.reasons),
    }


def _version(request: Request, version_id: UUID) -> ModelVersion:
    versions = ModelVersion.objects.visible_to(request.actor).select_related("model")
    version: ModelVersion = found(versions, pk=version_id)
    require(request.actor, "approval.request", version.model)
    return version
