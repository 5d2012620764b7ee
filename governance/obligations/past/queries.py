"""The duties of a model as they stood at the end of a day: editions, evidence and conclusions of then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from governance.inventory.models import AIModel, ModelVersion
from governance.obligations.lines import CONCLUDED, LOOKS, Line, Piece
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.mapping.rules import mapping_digest
from governance.obligations.models import Conclusion, Duty, Evidence, KeptAnswer, Obligation
from governance.obligations.past.models import DutyChange
from governance.obligations.past.rules import Change, Row
from governance.obligations.past.words import BECAUSE
from governance.obligations.words import STATUSES
from governance.risk.grades import Grade
from governance.risk.models import RiskAssessment
from governance.risk.overriding.models import Override

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


COLUMNS = ("status", "groups", "reasons", "evidence_ids", "evidence_digest", "due_on")
FIRST = {"was": "", "because": "first", "concluded": ""}
"""What is said of an answer that came with the first computation."""


@dataclass(frozen=True)
class Past:
    """computed_at: the last computation of that day or before it; None where there was none yet."""

    day: date
    computed_at: datetime | None
    editions: Mapping[str, str]
    lines: Sequence[Line]
    evidence: Mapping[str, Evidence]
    grade: Grade | None
    version: ModelVersion | None

    def pieces_of(self, line: Line) -> list[Piece]:
        """What the status of a requirement rested on."""
        return [Piece(self.evidence[key], True) for key in line.duty.evidence_ids if key in self.evidence]


@dataclass(frozen=True)
class Step:
    """One change of one requirement. was, now: statuses, "" where it did not stand."""

    at: datetime
    was: str
    now: str
    concluded: str
    because: str
    pieces: Sequence[Piece]

    @property
    def was_words(self) -> StrOrPromise:
        return STATUSES.get(self.was, "–")

    @property
    def now_look(self) -> str:
        return LOOKS.get(self.now, self.now)

    @property
    def now_words(self) -> StrOrPromise:
        return STATUSES.get(self.now, "–")

    @property
    def concluded_words(self) -> StrOrPromise:
        return CONCLUDED.get(self.concluded, "")

    @property
    def why(self) -> StrOrPromise:
        return BECAUSE[self.because]


def as_of(model: AIModel, day: date) -> Past:
    """In a fixed number of queries, however much has changed."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    kept = list(DutyChange.objects.filter(model=model, at__lt=end).order_by("at", "revision"))
    rows = replayed(kept)
    then, signed = _at(model, end), _signed(model, end)
    duties = [duty_of(model, obligation, rows[str(obligation.pk)]) for obligation in _in_order(rows)]
    used = {key for duty in duties for key in duty.evidence_ids}
    return Past(
        day=day,
        computed_at=kept[-1].at if kept else None,
        editions=kept[-1].editions if kept else {},
        lines=[Line(duty, then.get(duty.obligation.key), _signature(duty, signed)) for duty in duties],
        evidence={str(row.pk): row for row in Evidence.objects.filter(pk__in=used).select_related("version")},
        grade=_grade(model, day, end),
        version=_stood(ModelVersion.objects.filter(model=model), "created_at", "withdrawn_at", end),
    )


def replayed(kept: Sequence[DutyChange], answers: Mapping[UUID, Row] | None = None) -> dict[str, Row]:
    """Id of an obligation → the columns of its duty after all these changes. kept: in the order of time.

    answers: those that they name, where they are at hand; else one query.
    """
    answers = answers_of(kept) if answers is None else answers
    rows: dict[str, Row] = {}
    for each in kept:
        for change in _changes(each, answers):
            if change.now is None:
                rows.pop(change.obligation, None)
            else:
                rows[change.obligation] = change.now
    return rows


def answers_of(kept: Iterable[DutyChange], **more: Any) -> Mapping[UUID, Row]:
    """The answers that these changes name, by id, in one query."""
    ids = {answer for each in kept for answer in each.answers}
    rows = KeptAnswer.objects.filter(pk__in=ids, **more).values("id", "obligation_id", *COLUMNS)
    return {row["id"]: row for row in rows}


def _changes(kept: DutyChange, answers: Mapping[UUID, Row]) -> Iterator[Change]:
    """What one computation changed, as far as it lies among the answers; then what stood no longer."""
    told = dict(kept.told)
    for answer in kept.answers:
        if answer in answers:
            row = answers[answer]
            key = str(row["obligation_id"])
            said = told.pop(key, FIRST)
            now = {name: row[name] for name in COLUMNS} | {"concluded": said["concluded"]}
            yield Change(key, said["was"], said["because"], now)
    for key, said in told.items():
        if said["because"] == "went":
            yield Change(key, said["was"], said["because"], None)


def steps_of(model: AIModel, key: str) -> list[Step]:
    """How one requirement came to stand where it stands, the newest first: changes of status or of the conclusion."""
    kept = list(DutyChange.objects.filter(model=model).order_by("at", "revision"))
    ids = {str(each) for each in Obligation.objects.filter(key=key).values_list("pk", flat=True)}
    answers = answers_of(kept, obligation__key=key)
    found = [
        (each.at, change) for each in kept for change in _changes(each, answers) if change.obligation in ids
    ]
    used = {item for _at, change in found if change.now for item in change.now["evidence_ids"]}
    evidence = {str(row.pk): row for row in Evidence.objects.filter(pk__in=used).select_related("version")}
    return [_step(at, change, evidence) for at, change in reversed(found)]


def _step(at: datetime, change: Change, evidence: Mapping[str, Evidence]) -> Step:
    now = change.now or {"status": "", "concluded": "", "evidence_ids": []}
    used = [Piece(evidence[item], True) for item in now["evidence_ids"] if item in evidence]
    return Step(at, change.was, now["status"], now["concluded"], change.because, used)


def _in_order(rows: Mapping[str, Any]) -> Iterable[Obligation]:
    return (
        Obligation.objects.filter(pk__in=rows)
        .select_related("framework")
        .order_by("-framework__head__binding_in_kz", "framework__key", "position")
    )


def duty_of(model: AIModel, obligation: Obligation, row: Row) -> Duty:
    """A duty as it stood: never saved."""
    return Duty(organisation_id=model.organisation_id, model=model, obligation=obligation, **row)


def _at(model: AIModel, end: datetime) -> dict[str, Conclusion]:
    """By key of the requirement: the conclusion that was current."""
    rows = Conclusion.objects.filter(model=model, concluded_at__lt=end).select_related("concluded_by")
    rows = rows.filter(Q(superseded_at=None) | Q(superseded_at__gte=end))
    return {row.obligation_key: row for row in rows}


def _signed(model: AIModel, end: datetime) -> dict[tuple[str, str], MappingSignature]:
    """By key of the requirement and digest of its mapping: the signatures that held."""
    rows = MappingSignature.objects.filter(organisation_id=model.organisation_id, signed_at__lt=end)
    rows = rows.filter(Q(revoked_at=None) | Q(revoked_at__gte=end))
    return {(row.obligation_key, row.mapping_digest): row for row in rows}


def _signature(duty: Duty, signed: Mapping[tuple[str, str], MappingSignature]) -> MappingSignature | None:
    return signed.get((duty.obligation.key, mapping_digest(duty.obligation.facts)))


def _grade(model: AIModel, day: date, end: datetime) -> Grade | None:
    """The grade of then, with what was set by hand and had neither lapsed nor been taken back."""
    computed = _stood(RiskAssessment.objects.filter(model=model), "assessed_at", "superseded_at", end)
    if computed is None:
        return None
    rows = Override.objects.filter(assessment=computed, set_at__lt=end, ends_on__gte=day)
    rows = rows.filter(Q(reverted_at=None) | Q(reverted_at__gte=end))
    return Grade(computed, {row.axis: row for row in rows.order_by("set_at")})


def _stood(rows: Any, begins: str, ends: str, end: datetime) -> Any:
    """The newest row that had begun and had not ended."""
    standing = rows.filter(Q(**{ends: None}) | Q(**{f"{ends}__gte": end}), **{f"{begins}__lt": end})
    return standing.order_by(f"-{begins}").first()
