"""A pack of a past day: rows, and what the report tells of them, as they stood at its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet

from governance.approvals.models import ApprovalRequest, Condition, Decision, Recommendation, Vote
from governance.inventory.models import AIModel, Document, Revision
from governance.obligations.models import DutySheet
from governance.obligations.past import queries as requirements
from governance.people.asked_day import AsOf
from governance.people.recorded import as_recorded
from monitoring.runs import past as runs
from monitoring.runs.asked import Asked
from monitoring.runs.queries import Board

if TYPE_CHECKING:
    from audits.packs.subject import Subject

AT_ONCE = 500

# What was deleted since is put back from its last values; a row whose content was erased keeps what names it.
ROWS = """
WITH there AS (
    SELECT t.id AS key, to_jsonb(t) AS j FROM "{table}" t WHERE t."{column}" = %(model)s AND t.id > %(after)s
    UNION ALL
    SELECT e."row", p.content -> 'changes' FROM audits_ledgerentry e JOIN audits_ledgerpayload p ON p.entry_id = e.id
    WHERE e."table" = %(table)s AND e.model = %(model)s AND e.operation = 'D' AND e.at >= %(until)s AND e."row" > %(after)s
), page AS (
    SELECT there.* FROM there WHERE EXISTS (SELECT FROM audits_ledgerentry e
        WHERE e."table" = %(table)s AND e."row" = there.key AND e.operation = 'I' AND e.at < %(until)s)
    ORDER BY there.key LIMIT %(most)s)
SELECT page.key, CASE WHEN told.is_known THEN (page.j || told.former) - %(left_out)s::text[]
    ELSE jsonb_build_object('id', page.key, 'organisation_id', page.j -> 'organisation_id') END::text
FROM page JOIN senim_as_recorded(%(table)s, ARRAY(SELECT key FROM page), %(until)s) AS told ON told.row_id = page.key
ORDER BY page.key
"""


def instant_of(day: AsOf) -> datetime:
    """The last one of the day: what a pack of it is dated by."""
    return day.end.astimezone(UTC) - timedelta(microseconds=1)


def rows(
    table: str, column: str, model_id: UUID, left_out: Sequence[str], day: AsOf
) -> Iterator[tuple[str, dict[str, Any]]]:
    """As `rows.rows` gives those of today. left_out: columns that are withheld, or whose changes nobody wrote down."""
    query = ROWS.format(table=table, column=column)
    given: dict[str, Any] = {"table": table, "model": model_id, "until": day.end, "most": AT_ONCE}
    given |= {"left_out": list(left_out), "after": UUID(int=0)}
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, given)
            page = cursor.fetchall()
        for key, written in page:
            given["after"] = key
            yield written, json.loads(written)
        if len(page) < AT_ONCE:
            return


def stood(kept: QuerySet[Any], day: AsOf) -> list[Any]:
    """Those that the ledger knew by then, as it knew them, in the same order."""
    return [row for row in as_recorded(kept, day.end).values() if row is not None]


def knows(model: AIModel, day: AsOf) -> bool:
    return as_recorded([model], day.end)[model.pk] is not None


def gathered(subject: Subject, day: AsOf) -> dict[str, Any]:
    """The parts of `gathered.Gathered` that are computed, and would be computed of today."""
    model, end = subject.model, day.end
    past = requirements.as_of(model, day.day)
    return {
        "grade": past.grade,
        "focus": past.version,
        "lines": past.lines,
        "sheet": sheet_of(past, model),
        "documents": _documents(model, day),
        "requests": _requests(model, day),
        "board": _board(model, past, end),
        "history": runs.history(model, end),
        "run_count": runs.count(model, end),
    }


def sheet_of(past: requirements.Past, model: AIModel) -> DutySheet | None:
    """Never saved."""
    if past.computed_at is None:
        return None
    counts: dict[str, dict[str, int]] = {}
    for line in past.lines:
        tally = counts.setdefault(line.obligation.framework.key, {})
        tally[line.duty.status] = tally.get(line.duty.status, 0) + 1
    return DutySheet(
        organisation_id=model.organisation_id,
        model=model,
        computed_at=past.computed_at,
        computed_at_revision=model.revision,
        editions=dict(past.editions),
        counts=counts,
    )


def _documents(model: AIModel, day: AsOf) -> list[Document]:
    documents = stood(Document.objects.filter(model=model).order_by("title", "id"), day)
    revisions = stood(Revision.objects.filter(model=model).order_by("-number"), day)
    for document in documents:
        mine = [each for each in revisions if each.document_id == document.pk]
        kept = Revision.objects.none()
        kept._result_cache = mine
        document._prefetched_objects_cache = {"revisions": kept}
    return documents


def _requests(model: AIModel, day: AsOf) -> list[ApprovalRequest]:
    rows = ApprovalRequest.objects.filter(model=model).select_related("version", "requested_by")
    said = [
        Prefetch("recommendations", Recommendation.objects.filter(at__lt=day.end).select_related("by")),
        Prefetch("votes", Vote.objects.filter(at__lt=day.end).select_related("by")),
        Prefetch("conditions", Condition.objects.filter(at__lt=day.end).select_related("by")),
        Prefetch("decision", Decision.objects.filter(decided_at__lt=day.end)),
    ]
    return stood(rows.prefetch_related(*said).order_by("requested_at", "id"), day)


def _board(model: AIModel, past: requirements.Past, end: datetime) -> Board:
    answered = runs.answered(model, past.version, end)
    asked = [Asked(each.check, each.plan.dataset, each.plan, each.answer) for each in answered]
    return Board(past.version, asked)
