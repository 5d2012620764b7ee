"""Requirements: what applies, how the evidence stands and why, the evidence itself, and what the second line concluded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import translation

from audits.packs import past
from audits.packs.parts import Part, as_json
from audits.packs.subject import Subject
from governance.obligations import queries
from governance.obligations.lines import Line
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.models import Conclusion, DutySheet, Evidence, Framework
from governance.obligations.past import queries as past_queries

ORDER = 40
CAUTION = "Evidence status under the named edition as read on the named day. Not a legal opinion."


def parts(subject: Subject) -> Iterator[Part]:
    yield from subject.rows("requirements", Evidence, Conclusion)
    with translation.override("en"):
        sheet, duties = _standing(subject)
        subject.people.update(str(line.signature.signed_by_id) for line in duties if line.signature)
        lines = [_line(line) for line in duties]
    yield as_json(
        "requirements/requirements.json",
        {"caution": CAUTION, "sheet": _sheet(subject, sheet), "editions": _editions(sheet), "lines": lines},
    )


def _standing(subject: Subject) -> tuple[DutySheet | None, Sequence[Line]]:
    if subject.day is None:
        return queries.sheet_of(subject.model), queries.duties_of(subject.model)
    there = past_queries.as_of(subject.model, subject.day.day)
    return past.sheet_of(there, subject.model), there.lines


def _sheet(subject: Subject, sheet: DutySheet | None) -> dict[str, Any] | None:
    if sheet is None:
        return None
    return {
        "computed_at": sheet.computed_at.isoformat(),
        "covers_all_that_is_on_record": sheet.computed_at_revision == subject.model.revision,
        "holds_until": sheet.stale_after.isoformat() if sheet.stale_after else None,
        "counts": sheet.counts,
    }


def _editions(sheet: DutySheet | None) -> list[dict[str, Any]]:
    """The editions that the requirements were judged by: which text, and which reading of it."""
    rows = Framework.objects.filter(key__in=sheet.editions if sheet else ())
    used = [
        row for row in rows.order_by("key", "edition") if sheet and sheet.editions[row.key] == row.edition
    ]
    return [
        {
            "framework": row.key,
            "edition": row.edition,
            "title": {"kk": row.title_kk, "ru": row.title_ru, "en": row.title_en},
            "sha256": row.sha256,
            "head": row.head,
        }
        for row in used
    ]


def _signature(signature: MappingSignature | None) -> dict[str, Any] | None:
    """Who signed the mapping for the organisation; None = nobody."""
    if signature is None:
        return None
    return {
        "name": signature.name,
        "position": signature.position,
        "edition": signature.edition,
        "signed_at": signature.signed_at.isoformat(),
        "recorded_by": str(signature.signed_by_id),
    }


def _line(line: Line) -> dict[str, Any]:
    obligation = line.obligation
    return {
        "key": obligation.key,
        "framework": obligation.framework.key,
        "edition": obligation.framework.edition,
        "ref": obligation.ref,
        "title": {"kk": obligation.title_kk, "ru": obligation.title_ru, "en": obligation.title_en},
        "norm": obligation.norm,
        "level": obligation.level,
        "evidence_status": line.duty.status,
        "reasons": line.reasons,
        "evidence": sorted(line.duty.evidence_ids),
        "evidence_digest": line.duty.evidence_digest,
        "due_on": line.duty.due_on.isoformat() if line.duty.due_on else None,
        "ground": {
            part.part: part.key for part in (line.apart.wording, line.apart.mapping, line.apart.translation)
        },
        "mapping": {"digest": line.apart.digest, "signed": _signature(line.signature)},
        "conclusion": str(line.conclusion.pk) if line.conclusion else None,
        "conclusion_stands": line.concluded or None,
    }
