"""All that the register knows of one model, put on one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.approvals.models import ApprovalRequest, Authorisation
from governance.approvals.words import environment
from governance.desk.overview import totals
from governance.incidents import queries as incidents
from governance.inventory import answers
from governance.inventory import queries as inventory
from governance.inventory.handing_over import without_owner
from governance.inventory.models import AIModel, Document, ModelVersion
from governance.inventory.profile.sections import PROFILE
from governance.inventory.questions import MEDIUM_UP
from governance.inventory.rows.queries import rows_of
from governance.inventory.suppliers.queries import chain_of
from governance.obligations.apart import caution_over
from governance.obligations.models import Duty, DutySheet
from governance.people.actor import Actor
from governance.people.rights import may
from governance.risk.grades import current_grade
from governance.risk.queries import explained
from monitoring.data.models import Dataset, Window
from monitoring.mlflow_link.queries import connections
from monitoring.runs.queries import board

PRESSING = ("failing", "overdue")


def record_of(model: AIModel, actor: Actor) -> dict[str, Any]:
    """The context of a model's page."""
    grade = current_grade(model)
    focus = inventory.focus_version(model)
    sheet = DutySheet.objects.filter(model=model).first()
    facts = {
        "graded": grade is not None,
        "versions": list(ModelVersion.objects.filter(model=model).select_related("created_by")),
        "windows": Window.objects.standing().filter(model=model, dataset__ended_at=None).exists(),
        "datasets": Dataset.objects.standing().filter(model=model).exists(),
        "profile": _profile(model) if grade and grade.risk_degree in MEDIUM_UP else (0, 0),
    }
    return {
        **facts,
        "model": model,
        "grade": grade,
        "degrees": explained(grade) if grade else [],
        "focus": focus,
        "counts": totals(sheet),
        "caution": caution_over(sheet.editions) if sheet else "",
        "behind": sheet is None or sheet.computed_at_revision != model.revision,
        "pressing": _pressing(model),
        "board": board(model),
        "connections": connections(model),
        "record": inventory.record(model),
        "chain": chain_of(model),
        "lists": rows_of(model),
        "may_determine": may(actor, "regime.determine", model) and not model.withdrawn_at,
        "documents": Document.objects.filter(model=model).prefetch_related("revisions"),
        "may_hand_in": may(actor, "document.add", model) and not model.withdrawn_at,
        "permissions": [
            (each, environment(each.environment))
            for each in Authorisation.objects.filter(model=model).select_related("version")
        ],
        "requests": ApprovalRequest.objects.filter(model=model).select_related("version")[:5],
        "watch": incidents.panel(model, actor),
        "steps": list(_next_steps(model, actor, facts)),
        "may_edit": may(actor, "model.edit", model),
        "may_reassign": may(actor, "model.reassign", model),
        "has_owner": not without_owner([model], timezone.localdate()),
        "may_pack": may(actor, "pack.order", model),
        "may_grade": may(actor, "risk.assess", model),
        "may_ask": may(actor, "approval.request", model),
        "now": timezone.now(),
    }


def _profile(model: AIModel) -> tuple[int, int]:
    """How many questions of the profile are answered, of how many that are asked."""
    given = answers.graded(model)
    parts = [answers.progress(section, given) for section in PROFILE]
    return sum(answered for answered, _asked in parts), sum(asked for _answered, asked in parts)


def _pressing(model: AIModel) -> list[Duty]:
    owed = Duty.objects.filter(model=model, status__in=PRESSING)
    return list(owed.select_related("obligation__framework"))


def _next_steps(model: AIModel, actor: Actor, facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What its owner does next, in order: (words, address)."""
    if not may(actor, "model.edit", model):
        return
    if model.is_draft:
        yield _("Finish the registration"), reverse("inventory:check-answers", args=[model.pk])
    if not facts["graded"]:
        yield _("Grade the risk and the autonomy"), reverse("risk:grade", args=[model.pk])
    if model.is_registered and not facts["versions"]:
        yield _("Add the first version"), reverse("inventory:add-version", args=[model.pk])
    if model.is_registered and not facts["datasets"]:
        yield _("Describe the data, if there is any"), reverse("data:data", args=[model.pk])
    elif model.is_registered and not facts["windows"]:
        yield _("Hand in the first data period"), reverse("data:data", args=[model.pk])
    answered, asked = facts["profile"]
    if model.is_registered and answered < asked:
        words = _("Fill in its profile: %(answered)s of %(asked)s answered")
        address = reverse("inventory:check-answers", args=[model.pk]) + "#profile"
        yield words % {"answered": answered, "asked": asked}, address
