"""Where a requirement stands on a day: the computed evidence status. It never says that the law is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from governance.obligations.applicability import Applies, Flags, applies, groups
from governance.obligations.conclusion import evidence_digest
from governance.obligations.evidence import Case, EvidenceFact, Judged, Subject, a_year_after, weigh
from governance.obligations.reason import Reason
from governance.obligations.requirement import STATUS_NORMS, Group, Requirement

Status = Literal[
    "on_file",
    "due_soon",
    "overdue",
    "failing",
    "missing",
    "open",
    "not_applicable",
    "accepted_gap",
    "waived",
    "supported",
    "ready",
    "not_ready",
    "none",
]
DUE_SOON = timedelta(days=30)
AFTER_THE_EVENT = frozenset({"document:incident_report", "authority_notification"})
EVENTS = frozenset({"incident_occurred", "audit_planned"})
FIELD = "registration_field:"


@dataclass(frozen=True)
class GroupAnswer:
    """One active group. missing: the alternatives, any of which would do. open: flags nobody has answered.

    until: the last day on which the group is answered, or was.
    """

    number: int
    satisfied: bool
    by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    until: date | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Answered:
    """evidence_ids: what counts and what fails. digest: of exactly these, so that a conclusion can name it.

    due_on: the first day on which a group ceases (or ceased) to be answered, None = none is known.
    """

    status: Status
    groups: tuple[GroupAnswer, ...] = ()
    reasons: tuple[Reason, ...] = ()
    evidence_ids: tuple[str, ...] = ()
    digest: str = ""

    @property
    def due_on(self) -> date | None:
        return min((group.until for group in self.groups if group.until is not None), default=None)


@dataclass(frozen=True, eq=False)
class Asked:
    """What a requirement asks while certain flags hold; on which evidence and on which day does not matter yet."""

    applies: Applies
    groups: tuple[tuple[Group, Applies], ...]

    @classmethod
    def of(cls, requirement: Requirement, flags: Flags) -> Asked:
        applicable = applies(requirement.when, flags)
        return cls(applicable, tuple(groups(requirement, flags)) if applicable.active else ())


def answer(
    requirement: Requirement,
    flags: Flags,
    evidence: Sequence[EvidenceFact],
    as_of: date,
    subject: Subject,
    asked: Asked | None = None,
) -> Answered:
    """Judges one requirement by what was on file on a day. Source: answer_rules in vocabularies.yaml.

    asked: what follows from the flags, where that is known already.
    """
    asked = asked or Asked.of(requirement, flags)
    refusal = _not_applicable(requirement, asked, as_of)
    if refusal is not None:
        return Answered("not_applicable", reasons=(refusal,))
    case = Case(requirement, flags, subject, as_of)
    judged = [_group(case, group, verdict, evidence) for group, verdict in asked.groups]
    reasons = [
        *_remarks(requirement, asked.applies),
        *(reason for group in judged for reason in group.reasons),
    ]
    ids, digest = _rests_on(judged, evidence, subject)
    return Answered(_status(case, asked.applies, judged), tuple(judged), tuple(reasons), ids, digest)


def _not_applicable(requirement: Requirement, asked: Asked, as_of: date) -> Reason | None:
    if not asked.applies.active:
        return Reason.of("does_not_apply", flags=asked.applies.because)
    if requirement.in_force_from is not None and as_of < requirement.in_force_from:
        return Reason.of("not_in_force_yet", on=requirement.in_force_from)
    if requirement.in_force_to is not None and as_of > requirement.in_force_to:
        return Reason.of("no_longer_in_force", on=requirement.in_force_to)
    if requirement.groups and not asked.groups:
        return Reason.of("no_active_group")
    return None


def _remarks(requirement: Requirement, applicable: Applies) -> list[Reason]:
    remarks = []
    if applicable.answer == "open":
        remarks.append(Reason.of("unanswered", flags=applicable.because))
    if requirement.in_force_unknown:
        remarks.append(Reason.of("in_force_unknown"))
    return remarks


def _group(case: Case, group: Group, verdict: Applies, evidence: Sequence[EvidenceFact]) -> GroupAnswer:
    filled, judged = [], []
    for kind in group.any_of:
        if not kind.startswith(FIELD):
            judged += weigh(case, kind, evidence)
        elif kind.removeprefix(FIELD) in case.subject.filled:
            filled.append(kind)
    standing: dict[str, list[Judged]] = {"counts": [], "failing": [], "lapsed": [], "silent": []}
    for item in judged:
        standing[item.standing].append(item)
    counting, lapsed = standing["counts"], standing["lapsed"]
    failing = tuple([item.fact.id for item in standing["failing"]])
    missing = () if counting or filled else group.any_of
    unanswered = verdict.because if verdict.answer == "open" else ()
    # A failed check is not outvoted by an alternative: nothing green may hide it.
    satisfied = bool(counting or filled) and not failing
    until = None if filled else _lasts_until(counting or lapsed)
    told = [*_told_of(judged, lacking=not (counting or filled))]
    told += [Reason.of("nothing_on_file", kinds=missing)] if missing else []
    told += [Reason.of("group_unanswered", flags=unanswered)] if unanswered else []
    if satisfied and until is not None and _comes_near(until, case.as_of):
        told.append(Reason.of("due_soon", on=until))
    return GroupAnswer(
        number=group.number,
        satisfied=satisfied,
        by=(*[item.fact.id for item in counting], *filled),
        missing=missing,
        failing=failing,
        lapsed=tuple([item.fact.id for item in lapsed]),
        open=unanswered,
        until=until,
        reasons=tuple([reason.of_group(group.number) for reason in told]),
    )


def _told_of(judged: Sequence[Judged], *, lacking: bool) -> Iterator[Reason]:
    """What a reader needs to know of the evidence; what did not count is told only where something lacks."""
    told = {"counts", "failing", "lapsed", "silent"} if lacking else {"counts", "failing"}
    for item in judged:
        if item.standing in told:
            yield from item.reasons


def _lasts_until(items: Sequence[Judged]) -> date | None:
    days = [item.until for item in items if item.until is not None]
    return max(days) if days and len(days) == len(items) else None


def _comes_near(until: date | None, as_of: date) -> bool:
    return until is not None and until - DUE_SOON <= as_of


def _status(case: Case, applicable: Applies, judged: Sequence[GroupAnswer]) -> Status:
    norm = case.requirement.norm
    if norm == "principle":
        return "supported" if judged and all(group.satisfied for group in judged) else "none"
    if norm == "on_event" and not _event_recorded(case):
        return _readiness(case, judged)
    if norm in STATUS_NORMS or norm == "on_event":
        return _standing(case, applicable, judged)
    return "none"


def _event_recorded(case: Case) -> bool:
    """An incident is on record, or the requirement speaks only of an event that its own condition names."""
    named = EVENTS.intersection(case.requirement.when.flags)
    return case.flags.get("incident_occurred") is True or bool(named)


def _readiness(case: Case, judged: Sequence[GroupAnswer]) -> Status:
    afterwards = {g.number for g in case.requirement.groups if AFTER_THE_EVENT.issuperset(g.any_of)}
    return "ready" if all(g.satisfied for g in judged if g.number not in afterwards) else "not_ready"


def _standing(case: Case, applicable: Applies, judged: Sequence[GroupAnswer]) -> Status:
    """The worst of the groups; a lapse is overdue only where the law itself sets the interval."""
    lacking = [group for group in judged if not group.satisfied]
    if any(group.failing for group in judged):
        return "failing"
    if case.requirement.interval_is_law and any(group.lapsed for group in lacking):
        return "overdue"
    if any(not group.open for group in lacking) and applicable.answer == "yes":
        return "missing"
    if lacking:
        return "open"
    soon = any(group.satisfied and _comes_near(group.until, case.as_of) for group in judged)
    return "due_soon" if soon else "on_file"


def _rests_on(
    judged: Sequence[GroupAnswer], evidence: Sequence[EvidenceFact], subject: Subject
) -> tuple[tuple[str, ...], str]:
    """Ids of the evidence that counts or fails, and the digest of exactly this and of the fields that count."""
    named = {item for group in judged for item in (*group.by, *group.failing)}
    used = [fact for fact in evidence if fact.id in named] if named else []
    fields = {kind: subject.filled[kind.removeprefix(FIELD)] for kind in named if kind.startswith(FIELD)}
    return tuple(sorted({fact.id for fact in used})), evidence_digest(used, fields)


def stale_after(
    requirement: Requirement,
    flags: Flags,
    evidence: Sequence[EvidenceFact],
    as_of: date,
    subject: Subject,
    today: Answered | None = None,
) -> date | None:
    """The last day on which today's answer still holds if nothing but time passes; None = without end.

    today: that answer, where it is known already.
    """
    kinds = {kind for group in requirement.groups for kind in group.any_of}
    relevant = [fact for fact in evidence if fact.kind in kinds]
    coming = sorted(day for day in _turning_days(requirement, relevant, subject) if day > as_of)
    if not coming:
        return None
    asked = Asked.of(requirement, flags)
    today = today or answer(requirement, flags, relevant, as_of, subject, asked)
    for day in coming:
        if answer(requirement, flags, relevant, day, subject, asked) != today:
            return day - timedelta(days=1)
    return None


def _turning_days(requirement: Requirement, evidence: Sequence[EvidenceFact], subject: Subject) -> set[date]:
    """Every day on which an answer could turn; judging them in order finds the first on which it does."""
    next_day = timedelta(days=1)
    days = {requirement.in_force_from, subject.version_since if evidence else None}
    if requirement.in_force_to is not None:
        days.add(requirement.in_force_to + next_day)
    for fact in evidence:
        days |= {fact.taken_on, fact.revoked_at.date() if fact.revoked_at else None}
        if requirement.periodicity == "annual":
            year = a_year_after(fact.taken_on)
            days |= {year + next_day, year - DUE_SOON if requirement.interval_is_law else None}
        if fact.valid_until is not None:
            days |= {fact.valid_until + next_day, fact.valid_until - DUE_SOON}
    return {day for day in days if day is not None}
