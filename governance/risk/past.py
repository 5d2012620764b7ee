"""The grades of many models as they stood at the end of a day, with what was set by hand and still held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from governance.inventory.models import AIModel
from governance.people.asked_day import AsOf
from governance.risk.grades import Grade
from governance.risk.models import RiskAssessment
from governance.risk.overriding.models import Override


def grades_of(models: Sequence[AIModel], as_of: AsOf) -> Mapping[UUID, Grade]:
    """By the id of the model, in two queries however many there are."""
    held = Q(superseded_at=None) | Q(superseded_at__gte=as_of.end)
    computed = RiskAssessment.objects.filter(held, model__in=models, assessed_at__lt=as_of.end)
    newest = computed.order_by("model_id", "-assessed_at").distinct("model_id").select_related("assessed_by")
    by_assessment = {each.pk: each for each in newest}
    stood = Q(reverted_at=None) | Q(reverted_at__gte=as_of.end)
    by_hand = Override.objects.filter(
        stood, assessment__in=by_assessment, set_at__lt=as_of.end, ends_on__gte=as_of.day
    )
    found: dict[UUID, dict[str, Override]] = {}
    for each in by_hand.select_related("set_by").order_by("set_at"):
        found.setdefault(each.assessment_id, {})[each.axis] = each
    return {each.model_id: Grade(each, found.get(pk, {})) for pk, each in by_assessment.items()}
