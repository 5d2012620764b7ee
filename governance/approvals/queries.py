"""What pages ask about requests, votes and permissions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from governance.approvals.models import ApprovalRequest, GateVerdict, RequestStatus, Vote
from governance.approvals.words import environment
from governance.people.actor import Actor
from governance.people.rights import may

MOST_DECIDED = 50
MOST_VERDICTS = 50


@dataclass(frozen=True)
class Line:
    """One request in a list. points: how many requirements and kinds of evidence stand so."""

    request: Any
    environment: str
    votes: int
    points: dict[str, int]


@dataclass(frozen=True)
class Agenda:
    """What lies before the committee: for this reader to vote on, for others, and what is settled."""

    waiting: Sequence[Line]
    others: Sequence[Line]
    settled: Sequence[Line]


@dataclass(frozen=True)
class Event:
    """One step of a request, for its timeline. words: what the person said."""

    at: datetime
    kind: str
    who: str
    verdict: str = ""
    words: str = ""


def agenda(actor: Actor) -> Agenda:
    requests = _lines(ApprovalRequest.objects.visible_to(actor))
    open_ones = list(requests.filter(status=RequestStatus.OPEN).order_by("requested_at"))
    settled = requests.exclude(status=RequestStatus.OPEN)[:MOST_DECIDED]
    waiting = [each for each in open_ones if awaits(actor, each)]
    others = [each for each in open_ones if each not in waiting]
    return Agenda(*([_line(each) for each in group] for group in (waiting, others, settled)))


def awaits(actor: Actor, request: ApprovalRequest) -> bool:
    """Whether this request waits for the vote of this reader."""
    voted = any(vote.by_id == actor.user_id for vote in request.votes.all())
    return request.is_open and not voted and may(actor, "approval.vote", request)


def of(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Requests with everything that their page shows."""
    people = (
        "model",
        "version__model",
        "requested_by",
        "organisation",
        "decision__authorisation",
        "decision__lifted",
    )
    said = "votes__by", "conditions__by", "recommendations__by"
    return ApprovalRequest.objects.visible_to(actor).select_related(*people).prefetch_related(*said)


def timeline(request: ApprovalRequest) -> list[Event]:
    """Everything that was said and done on a request, oldest first."""
    events = [Event(request.requested_at, "requested", str(request.requested_by))]
    events += [
        Event(each.at, "recommended", str(each.by), each.verdict, each.reason)
        for each in request.recommendations.all()
    ]
    events += [
        Event(each.at, "condition", str(each.by), words=each.text) for each in request.conditions.all()
    ]
    events += [
        Event(each.at, "voted", str(each.by), each.ballot, each.reason) for each in request.votes.all()
    ]
    decision = getattr(request, "decision", None)
    if decision is not None:
        events.append(Event(decision.decided_at, "decided", "", decision.verdict))
    return sorted(events, key=lambda event: event.at)


def verdicts(model_id: UUID) -> Iterable[GateVerdict]:
    """The latest answers of the gate about one model."""
    return GateVerdict.objects.filter(model_id=model_id).order_by("-asked_at")[:MOST_VERDICTS]


def _lines(requests: QuerySet[ApprovalRequest]) -> QuerySet[ApprovalRequest]:
    """Without the manifests, which are long: only what is open in them."""
    votes = Prefetch("votes", Vote.objects.only("id", "request_id", "by_id"))
    light = requests.defer("manifest").annotate(points=F("manifest__open_points"))
    return light.select_related("model", "version", "requested_by", "organisation").prefetch_related(votes)


def _line(request: Any) -> Line:
    points = {
        key: len(named["requirements"]) + len(named["evidence"]) for key, named in request.points.items()
    }
    return Line(request, environment(request.environment), len(request.votes.all()), points)
