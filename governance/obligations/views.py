"""The pages of requirements: all of a model's, and one with its evidence and conclusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from governance.errors import RuleBroken
from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations import queries, services
from governance.obligations.apart import caution
from governance.obligations.forms import ConcludeForm
from governance.obligations.judging import EXCUSABLE
from governance.obligations.lines import LOOKS, Line, groups_of
from governance.obligations.mapping.forms import SignForm
from governance.obligations.models import Framework
from governance.obligations.past.queries import steps_of
from governance.obligations.waiving import services as waiving
from governance.obligations.waiving.models import Excuse
from governance.obligations.why.queries import conditions_of
from governance.obligations.words import STATUSES
from governance.people.actor import Actor
from governance.people.door import Request, found, viewed
from governance.people.rights import may, require

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Chapter:
    """One framework on the page. asked: what carries a status; silent: what asks nothing of this model."""

    framework: Framework
    asked: Sequence[Line]
    silent: Sequence[Line]

    @property
    def caution(self) -> str:
        return caution(self.framework)

    @property
    def number(self) -> int:
        return len(self.asked) + len(self.silent)

    @property
    def number_signed(self) -> int:
        return sum(line.signature is not None for line in (*self.asked, *self.silent))


@dataclass(frozen=True)
class Choice:
    """One status to filter by."""

    status: str
    look: str
    words: StrOrPromise
    number: int


@require_GET
@viewed
def requirements(request: Request, model_id: UUID) -> HttpResponse:
    """All requirements by framework; `?status=` and `?framework=` narrow them down."""
    model = _its_model(request.actor, model_id)
    lines = queries.duties_of(model)
    status, framework = request.GET.get("status", ""), request.GET.get("framework", "")
    context = {
        **_about(request.actor, model),
        "chapters": _chapters(lines, status, framework),
        "choices": _choices(lines),
        "frameworks": list({line.obligation.framework: None for line in lines}),
        "status": status,
        "framework": framework,
        "crumbs": _crumbs(model),
    }
    return render(request, "governance/obligations/requirements.html", context)


def _chapters(lines: Sequence[Line], status: str, framework: str) -> list[Chapter]:
    shown: dict[Framework, list[Line]] = {}
    for line in lines:
        if status in ("", line.duty.status) and framework in ("", line.obligation.framework.key):
            shown.setdefault(line.obligation.framework, []).append(line)
    return [
        Chapter(each, [line for line in own if line.is_asked], [line for line in own if not line.is_asked])
        for each, own in shown.items()
    ]


def _choices(lines: Sequence[Line]) -> list[Choice]:
    tally = Counter(line.duty.status for line in lines)
    return [
        Choice(key, LOOKS.get(key, key), words, tally[key]) for key, words in STATUSES.items() if tally[key]
    ]


@require_http_methods(["GET", "POST"])
@viewed
def requirement(request: Request, model_id: UUID, key: str) -> HttpResponse:
    """One requirement: its text, what is on file, what was concluded; a POST concludes."""
    model = _its_model(request.actor, model_id)
    line = queries.line_of(model, key)
    form = _form(request, model, line)
    if request.method == "POST":
        require(request.actor, "duty.conclude", model)
        if form is not None and _concluded(request, model, line, form):
            return redirect("obligations:requirement", model.pk, key)
    context = {
        **_about(request.actor, model),
        "line": line,
        **_grounds(line),
        "history": queries.conclusions_of(model, key),
        "steps": steps_of(model, key),
        "form": form,
        "sign_form": _sign_form(request.actor, line),
        "caution": caution(line.obligation.framework),
        **_excuses(request.actor, model, line),
        "may_edit": may(request.actor, "model.edit", model),
        "may_hand_in": may(request.actor, "document.add", model),
        "may_hand_in_for_all": may(request.actor, "house_paper.add", model),
        "crumbs": _crumbs(model, line.obligation.ref),
    }
    return render(request, "governance/obligations/requirement.html", context)


def _grounds(line: Line) -> dict[str, Any]:
    """Why it applies, what would answer it and what is on file."""
    pieces = queries.evidence_for(line)
    return {"pieces": pieces, "groups": groups_of(line, pieces), "conditions": conditions_of(line)}


def _excuses(actor: Actor, model: AIModel, line: Line) -> dict[str, Any]:
    may_waive = model.status != Status.WITHDRAWN and may(actor, "duty.waive", model)
    return {
        "waivers": waiving.waivers_of(model, line.obligation.key),
        "may_waive": may_waive,
        "may_accept": may_waive and line.duty.status in EXCUSABLE,
        "is_law": waiving.kind_of(line.obligation) == Excuse.ACCEPTED_GAP,
        "today": timezone.localdate(),
    }


def _form(request: Request, model: AIModel, line: Line) -> ConcludeForm | None:
    """None where the reader has nothing to conclude."""
    if model.status == Status.WITHDRAWN or not line.is_asked:
        return None
    if not may(request.actor, "duty.conclude", model):
        return None
    sent = request.POST if request.method == "POST" else None
    edition = line.obligation.framework.edition
    return ConcludeForm(sent, status=line.duty.status, digest=line.duty.evidence_digest, edition=edition)


def _sign_form(actor: Actor, line: Line) -> SignForm | None:
    """None where nothing is left to sign, or the reader may not. A signature speaks for the signer's own organisation."""
    if line.signature is not None or not may(actor, "mapping.sign", line.duty):
        return None
    return SignForm(initial={"edition": line.obligation.framework.edition}, auto_id="sign_%s")


def _concluded(request: Request, model: AIModel, line: Line, form: ConcludeForm) -> bool:
    if not form.is_valid():
        return False
    try:
        services.conclude(
            by=request.actor, model=model, obligation_key=line.obligation.key, **form.cleaned_data
        )
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Your conclusion is on record."))
    return True


def _its_model(actor: Actor, model_id: UUID) -> AIModel:
    model: AIModel = found(AIModel.objects.visible_to(actor), pk=model_id)
    return model


def _about(actor: Actor, model: AIModel) -> dict[str, Any]:
    """at_home: the lists of signed mappings are those of the reader's own organisation."""
    sheet = queries.sheet_of(model)
    return {
        "model": model,
        "sheet": sheet,
        "is_current": queries.is_current(model, sheet),
        "at_home": model.organisation_id == actor.organisation_id,
    }


def _crumbs(model: AIModel, ref: str = "") -> list[tuple[str, str | None]]:
    here = reverse("obligations:requirements", args=[model.pk])
    way: list[tuple[str, str | None]] = [
        (_("Models"), reverse("models")),
        (str(model), reverse("model", args=[model.pk])),
        (_("Requirements"), here if ref else None),
    ]
    return [*way, (ref, None)] if ref else way
