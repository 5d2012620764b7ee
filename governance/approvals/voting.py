"""How a committee's votes add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from governance.approvals.route import Route

Outcome = Literal["open", "approved", "rejected"]


@dataclass(frozen=True)
class VoteFact:
    by: str
    verdict: Literal["approve", "reject"]


def tally(votes: Iterable[VoteFact], route: Route, *, requested_by: str) -> Outcome:
    """Open until the quorum has voted; then the majority decides, and no majority left to reach is a rejection.

    A vote of the requester never counts (four eyes). Of two votes by one member the later one counts; votes come
    in the order in which they were cast.
    """
    counted = {vote.by: vote.verdict for vote in votes if vote.by != requested_by}
    approvals = sum(verdict == "approve" for verdict in counted.values())
    committee = route.committee
    if len(counted) < committee.quorum:
        return "open"
    if approvals >= committee.majority:
        return "approved"
    outstanding = max(0, committee.size - len(counted))
    return "open" if approvals + outstanding >= committee.majority else "rejected"
