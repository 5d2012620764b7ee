"""Where one model stands under NIST AI RMF: functions, categories and subcategories in the order of the framework.

Source of the structure: NIST AI 100-1 (AI RMF 1.0), tables 1 to 4, as the catalogue's edition has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance.errors import OutOfOrder
from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.queries import focus_version
from governance.obligations import queries
from governance.obligations.lines import Line
from governance.obligations.matrix.profile import (
    Category,
    ConclusionOut,
    EvidenceOut,
    FrameworkNamed,
    Function,
    ModelNamed,
    Profile,
    Subcategory,
    Titles,
)
from governance.obligations.models import Conclusion, Evidence, Framework, Obligation

KEY = "nist-ai-rmf"
STATEMENT = "Evidence status under edition {edition} as read on {day}; not a legal opinion."


def profile_of(model: AIModel, on: date) -> Profile:
    """Raises OutOfOrder before the first computation, and where the framework is not on for the model."""
    sheet = queries.sheet_of(model)
    if sheet is None or KEY not in sheet.editions:
        raise OutOfOrder(
            _("There is no profile yet: the requirements are being computed. Ask again in a moment.")
        )
    return written(
        named(model, focus_version(model)),
        sheet.editions[KEY],
        queries.duties_of(model, framework=KEY),
        on=on,
        computed_at=sheet.computed_at,
        is_current=queries.is_current(model, sheet),
    )


def written(
    model: ModelNamed,
    edition: str,
    lines: Sequence[Line],
    *,
    on: date,
    computed_at: datetime,
    is_current: bool,
) -> Profile:
    """lines: the requirements of the framework, in its order, each with its conclusion."""
    framework = Framework.objects.get(key=KEY, edition=edition)
    with translation.override("en"):
        functions = _functions(framework.head, lines, _evidence(lines))
    return Profile(
        statement=STATEMENT.format(edition=framework.edition, day=on.isoformat()),
        framework=FrameworkNamed(key=KEY, edition=framework.edition, title=_titles(framework)),
        read_on=on,
        computed_at=timezone.localtime(computed_at),
        is_current=is_current,
        model=model,
        functions=functions,
    )


def named(model: AIModel, version: ModelVersion | None) -> ModelNamed:
    its = model.organisation
    return ModelNamed(
        id=model.pk,
        number=model.number,
        name=model.name,
        organisation=Titles(kk=its.name_kk, ru=its.name_ru, en=its.name_en),
        version=version.label if version else "",
    )


def _functions(
    head: Mapping[str, Any], lines: Sequence[Line], evidence: Mapping[str, EvidenceOut]
) -> list[Function]:
    by_category: dict[str, list[Subcategory]] = {}
    for line in lines:
        by_category.setdefault(line.facts["category"], []).append(_subcategory(line, evidence))
    return [
        Function(
            id=function["id"],
            title=Titles(**function["title"]),
            categories=[
                Category(
                    id=each["id"],
                    title=Titles(**each["title"]),
                    subcategories=by_category.get(each["id"], []),
                )
                for each in head["categories"]
                if each["function"] == function["id"]
            ],
        )
        for function in head["functions"]
    ]


def _subcategory(line: Line, evidence: Mapping[str, EvidenceOut]) -> Subcategory:
    used = [evidence[key] for key in line.duty.evidence_ids if key in evidence]
    return Subcategory(
        id=line.obligation.ref,
        key=line.obligation.key,
        title=_titles(line.obligation),
        evidence_status=line.duty.status,
        evidence=sorted(used, key=lambda each: (each.kind, each.taken_on, each.digest)),
        conclusion=_conclusion(line, line.conclusion) if line.conclusion else None,
        note=line.reasons,
    )


def _conclusion(line: Line, conclusion: Conclusion) -> ConclusionOut:
    return ConclusionOut(
        verdict=conclusion.verdict,
        by=conclusion.concluded_by.name,
        at=timezone.localtime(conclusion.concluded_at),
        reason=conclusion.reason,
        stands=line.concluded == conclusion.verdict,
    )


def _evidence(lines: Iterable[Line]) -> dict[str, EvidenceOut]:
    """What the statuses rest on, by id, in one query."""
    named = {key for line in lines for key in line.duty.evidence_ids}
    return {
        str(row.pk): EvidenceOut(
            kind=row.kind,
            verdict=row.verdict,
            digest=row.digest,
            taken_on=timezone.localdate(row.taken_at),
        )
        for row in Evidence.objects.filter(pk__in=named)
    }


def _titles(of: Framework | Obligation) -> Titles:
    return Titles(kk=of.title_kk, ru=of.title_ru, en=of.title_en)
