"""What pages and upper rooms read of duties, evidence and conclusions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from governance.errors import NotFound
from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.facts import circumstances
from governance.obligations.judging import answered
from governance.obligations.lines import Line, Piece
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.mapping.queries import Standing, standing_of
from governance.obligations.mapping.rules import mapping_digest
from governance.obligations.models import Conclusion, Duty, DutySheet, Evidence, Framework
from governance.obligations.rules import Answered
from governance.obligations.surroundings import owed, surroundings

NEWEST = 30
"""How many rows of evidence a page of one requirement shows beside those that count."""


def duties_of(model: AIModel, *, framework: str = "", status: str = "") -> list[Line]:
    """Every requirement of the frameworks that are on, in the order of the text, with the current conclusion."""
    duties = Duty.objects.filter(model=model)
    if framework:
        duties = duties.filter(framework_key=framework)
    if status:
        duties = duties.filter(status=status)
    current = Conclusion.objects.filter(model=model, superseded_at=None).select_related("concluded_by")
    by_key = {conclusion.obligation_key: conclusion for conclusion in current}
    rows = duties.select_related("obligation__framework").order_by(
        "-obligation__framework__head__binding_in_kz",
        "obligation__framework__key",
        "obligation__position",
    )
    signed = standing_of(model.organisation_id)
    return [Line(duty, by_key.get(duty.obligation.key), _signature(duty, signed)) for duty in rows]


def line_of(model: AIModel, key: str) -> Line:
    """One requirement of a model. Raises NotFound."""
    duty = (
        Duty.objects.filter(model=model, obligation__key=key).select_related("obligation__framework").first()
    )
    if duty is None:
        raise NotFound
    current = Conclusion.objects.filter(model=model, obligation_key=key, superseded_at=None).first()
    return Line(duty, current, _signature(duty, standing_of(model.organisation_id)))


def _signature(duty: Duty, signed: Standing) -> MappingSignature | None:
    """The one under the mapping by which this duty was judged."""
    return signed.get((duty.obligation.key, mapping_digest(duty.obligation.facts)))


def evidence_for(line: Line) -> list[Piece]:
    """What stands on file for the requirement, the newest first; what its status rests on is always there."""
    kinds = {kind for group in line.facts["answered_by"] for kind in group["any_of"]}
    of_whom = Q(model=None) if line.is_of_the_organisation else Q(model_id=line.duty.model_id)
    rows = Evidence.objects.standing().filter(of_whom, organisation_id=line.duty.organisation_id)
    rows = rows.select_related("version")
    counting = set(line.duty.evidence_ids)
    named = list(rows.filter(pk__in=counting))
    others = rows.filter(kind__in=kinds).exclude(pk__in=counting)[:NEWEST]
    return [Piece(row, str(row.pk) in counting) for row in [*named, *others]]


def conclusions_of(model: AIModel, key: str = "") -> list[Conclusion]:
    """All that was ever concluded, the newest first."""
    rows = Conclusion.objects.filter(model=model).select_related("concluded_by").order_by("-concluded_at")
    return list(rows.filter(obligation_key=key) if key else rows)


def sheet_of(model: AIModel) -> DutySheet | None:
    return DutySheet.objects.filter(model=model).first()


def is_current(model: AIModel, sheet: DutySheet | None) -> bool:
    """Whether the sheet covers all that stands on record today."""
    if sheet is None or sheet.computed_at_revision != model.revision:
        return False
    return sheet.stale_after is None or timezone.localdate() <= sheet.stale_after


def counts(model: AIModel) -> Mapping[str, Mapping[str, int]]:
    """Key of a framework → evidence status → number of requirements; empty until they are computed."""
    sheet = sheet_of(model)
    return sheet.counts if sheet else {}


def totals_of(models: Iterable[AIModel]) -> dict[UUID, Counter[str]]:
    """Requirements by status over all frameworks, of many models in one query."""
    totals: dict[UUID, Counter[str]] = {model.pk: Counter() for model in models}
    for key, tallies in DutySheet.objects.filter(model_id__in=totals).values_list("model_id", "counts"):
        for tally in tallies.values():
            totals[key].update(tally)
    return totals


def standing_now(model: AIModel, obligation_key: str) -> tuple[Framework, Answered]:
    """One requirement judged by the rows of this moment, not by the sheet, and the edition. NotFound when it is not on."""
    if model.status == Status.WITHDRAWN:
        raise NotFound
    around = surroundings(model.organisation_id)
    [now] = circumstances([model], around, timezone.localdate())
    for each in owed(around.frameworks_on(now.flags)):
        if each.obligation.key == obligation_key:
            return each.framework, answered(now, each)
    raise NotFound
