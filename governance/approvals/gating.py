"""The gate: may this version, with this digest, run in this environment now? Every reason is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from governance.approvals.route import Route

Answer = Literal["allow", "deny", "unknown"]
STRICTEST_TIER = 1


@dataclass(frozen=True)
class AuthorisationFact:
    """A permission of the model: for which version, digest and environment, from when and until when."""

    version: str
    artefact_sha256: str
    environment: str
    state: Literal["active", "suspended", "void"]
    starts_at: datetime
    expires_at: datetime
    reason: str = ""


@dataclass(frozen=True)
class BlockingDuty:
    obligation: str
    status: str
    excused: bool = False
    """Its gap is accepted for a time; whether that opens the gate, the route says."""


@dataclass(frozen=True)
class DutyState:
    """What was computed ahead. stale_after: the last day on which it is good, None = without end."""

    computed_at_revision: int
    stale_after: date | None
    duties: tuple[BlockingDuty, ...]


@dataclass(frozen=True)
class GateFacts:
    """What one read saw. None = this part could not be read. today is the local day of asked_at."""

    version: str
    artefact_sha256: str
    environment: str
    asked_at: datetime
    today: date
    tier: int | None
    revision: int | None
    authorisations: tuple[AuthorisationFact, ...] | None
    prohibited_functions: tuple[str, ...] | None
    state: DutyState | None


@dataclass(frozen=True)
class GateReason:
    """One reason, in the order of the rule. params: what a sentence about it needs."""

    answer: Answer
    key: str
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def deny(cls, key: str, **params: str) -> GateReason:
        return cls("deny", key, tuple(params.items()))

    @classmethod
    def unknown(cls, key: str, **params: str) -> GateReason:
        return cls("unknown", key, tuple(params.items()))

    def as_dict(self) -> dict[str, object]:
        return {"answer": self.answer, "key": self.key, "params": dict(self.params)}


@dataclass(frozen=True)
class Verdict:
    """valid_until: how long an `allow` may be relied on; any other answer is only of the moment it was asked."""

    answer: Answer
    reasons: tuple[GateReason, ...]
    valid_until: datetime


def gate(facts: GateFacts, route: Route) -> Verdict:
    """Deny before unknown before allow, with all reasons: permission, prohibited functions, duties, state.

    What this same read saw (permission, digest, a declared prohibited function) denies even while the duties are
    behind. Duties judged from a state that is behind neither deny nor allow: the answer is `unknown`. The gate
    cannot know of a later suspension. Source: design, "The gate's rule".
    """
    reasons = (
        *_permission(facts),
        *_prohibited(facts),
        *_duties(facts, route),
        *_state(facts),
    )
    answers = {reason.answer for reason in reasons}
    if "deny" in answers:
        return Verdict("deny", reasons, facts.asked_at)
    if "unknown" in answers:
        return Verdict("unknown", reasons, facts.asked_at)
    return Verdict("allow", (), _valid_until(facts, route))


def _permission(facts: GateFacts) -> Iterator[GateReason]:
    if facts.authorisations is None:
        yield GateReason.unknown("authorisations_unreadable")
        return
    fitting = [permission for permission in facts.authorisations if _fits(permission, facts)]
    if not fitting:
        yield _nothing_fits(facts, facts.authorisations)
        return
    # A suspension is heard even beside another permission: somebody ordered this version to stop.
    yield from (
        GateReason.deny("suspended", reason=permission.reason)
        for permission in fitting
        if permission.state == "suspended"
    )
    active = [permission for permission in fitting if permission.state == "active"]
    if any(_runs(permission, facts.asked_at) for permission in active):
        return
    yield from _not_running(active, facts.asked_at)
    if not active and all(permission.state == "void" for permission in fitting):
        yield GateReason.deny("void", reason=max(fitting, key=lambda permission: permission.starts_at).reason)


def _fits(permission: AuthorisationFact, facts: GateFacts) -> bool:
    return (permission.version, permission.artefact_sha256, permission.environment) == (
        facts.version,
        facts.artefact_sha256,
        facts.environment,
    )


def _runs(permission: AuthorisationFact, at: datetime) -> bool:
    return permission.starts_at <= at < permission.expires_at


def _nothing_fits(facts: GateFacts, permissions: Sequence[AuthorisationFact]) -> GateReason:
    """Says what differs where only one thing does: a swapped file is another story than no decision at all."""
    same_version = [permission for permission in permissions if permission.version == facts.version]
    if any(permission.environment == facts.environment for permission in same_version):
        return GateReason.deny("artefact_differs", version=facts.version)
    if same_version:
        return GateReason.deny("not_for_this_environment", environment=facts.environment)
    return GateReason.deny("not_authorised", version=facts.version, environment=facts.environment)


def _not_running(active: Sequence[AuthorisationFact], at: datetime) -> Iterator[GateReason]:
    for permission in sorted(active, key=lambda permission: permission.starts_at)[-1:]:
        if permission.expires_at <= at:
            yield GateReason.deny("expired", at=permission.expires_at.isoformat())
        else:
            yield GateReason.deny("not_started", at=permission.starts_at.isoformat())


def _prohibited(facts: GateFacts) -> Iterator[GateReason]:
    if facts.prohibited_functions is None:
        yield GateReason.unknown("model_unreadable")
        return
    yield from (GateReason.deny("prohibited_function", function=name) for name in facts.prohibited_functions)


def _duties(facts: GateFacts, route: Route) -> Iterator[GateReason]:
    if facts.state is None or _is_behind(facts.state, facts):
        return
    found = {(duty.obligation, duty.status): duty for duty in facts.state.duties}
    for rule in route.blocking:
        standing = (found.get((rule.obligation, status)) for status in rule.statuses)
        yield from (
            GateReason.deny("blocking_duty", obligation=rule.obligation, status=duty.status)
            for duty in standing
            if duty is not None and not (duty.excused and rule.opens_when_accepted)
        )


def _state(facts: GateFacts) -> Iterator[GateReason]:
    if facts.state is None or facts.revision is None:
        yield GateReason.unknown("state_unreadable")
    elif facts.state.computed_at_revision != facts.revision:
        computed = str(facts.state.computed_at_revision)
        yield GateReason.unknown("state_behind", revision=str(facts.revision), computed_at_revision=computed)
    elif facts.state.stale_after is not None and facts.today > facts.state.stale_after:
        yield GateReason.unknown("state_stale", stale_after=facts.state.stale_after.isoformat())


def _is_behind(state: DutyState, facts: GateFacts) -> bool:
    stale = state.stale_after is not None and facts.today > state.stale_after
    return facts.revision != state.computed_at_revision or stale


def _valid_until(facts: GateFacts, route: Route) -> datetime:
    """As long as the route says for the tier, yet never beyond the permission. Ungraded counts as tier 1."""
    tier = STRICTEST_TIER if facts.tier is None else facts.tier
    relied_on = facts.asked_at + timedelta(hours=route.validity_hours[tier])
    running = [
        permission.expires_at
        for permission in facts.authorisations or ()
        if _fits(permission, facts) and permission.state == "active" and _runs(permission, facts.asked_at)
    ]
    return min(relied_on, max(running))
