"""Every right, on one page. No role is named anywhere else.

A right is a question about an actor and the thing they want to change, judged on the locked row. A person acts inside
their organisation; a token does what its scopes say; Senim itself does what its tasks need.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from governance.errors import NotAllowed
from governance.people.actor import ALL, Actor

Right = Callable[[Actor, Any], bool]


def _inside(actor: Actor, thing: Any) -> bool:
    organisation_id = getattr(thing, "organisation_id", None) or getattr(thing, "pk", None)
    return organisation_id is not None and actor.works_in(organisation_id)


def role(*roles: str) -> Right:
    return lambda actor, thing: _inside(actor, thing) and actor.has(*roles)


def scope(name: str) -> Right:
    return lambda actor, thing: _inside(actor, thing) and name in actor.scopes


def either(*rights: Right) -> Right:
    return lambda actor, thing: any(right(actor, thing) for right in rights)


def system(actor: Actor, thing: Any) -> bool:
    return actor.is_system


def oversees(actor: Actor, thing: Any) -> bool:
    """A supervisor's officer reads every participant and changes nothing of theirs."""
    return actor.has("officer") and actor.reads == ALL


def its_owner(actor: Actor, model: Any) -> bool:
    return _inside(actor, model) and actor.has("model_owner") and model.owner_id == actor.user_id


def its_owner_or_uploader(actor: Actor, revision: Any) -> bool:
    """A paper is taken back by the model's owner, or by the person who handed it in."""
    return who_handed_in(actor, revision) or its_owner(actor, revision.model)


def sits_and_did_not_ask(actor: Actor, request: Any) -> bool:
    """Four eyes: a member of the committee votes, and never on a request of their own."""
    return role("committee")(actor, request) and request.requested_by_id != actor.user_id


def reviews_and_did_not_ask(actor: Actor, request: Any) -> bool:
    """The second line speaks to the committee, and never about a request of its own."""
    return role("validator")(actor, request) and request.requested_by_id != actor.user_id


def concludes_independently(actor: Actor, model: Any) -> bool:
    """The second line concludes and corrects, and never on a model of its own."""
    return role("validator")(actor, model) and model.owner_id != actor.user_id


def decides_on_reference(actor: Actor, window: Any) -> bool:
    """The second line, and neither the model's owner nor the person who handed the data period in."""
    return concludes_independently(actor, window.model) and window.uploaded_by_id != actor.user_id


def another_than_who_handed_in(*roles: str) -> Right:
    """Four eyes: a paper is accepted and signed by a second person."""
    second = role(*roles)
    return lambda actor, revision: second(actor, revision) and revision.uploaded_by_id != actor.user_id


def another_than_its_owner(actor: Actor, revision: Any) -> bool:
    """A paper of a model is read by neither the person who handed it in nor the model's owner."""
    second = another_than_who_handed_in("validator", "committee")
    return second(actor, revision) and revision.model.owner_id != actor.user_id


def who_handed_in(actor: Actor, revision: Any) -> bool:
    return _inside(actor, revision) and actor.is_person and revision.uploaded_by_id == actor.user_id


def supervises(actor: Actor, thing: Any) -> bool:
    """An officer of the supervisor, whose word reaches into every participant."""
    return actor.is_person and actor.has(*SUPERVISING) and actor.reads == ALL


SUPERVISING = ("officer",)
"""The only role that keeps its meaning outside its own organisation (`reaching`)."""

READERS = ("models:read", "models:write")
"""Scopes of the tokens that read models. People and parts of Senim read what their walls show them."""

OWNS_MODELS = ("model_owner",)
"""Roles of those who can be named the owner of a model."""

FILES_RETURNS = ("administrator", "validator")
"""Roles of those who sign returns for a participant, and are reminded of them."""

SCOPES = ("models:read", "models:write", "windows:write", "approvals:request", "gate:read", "oversight:write")
"""What a token of CI can be given."""

RIGHTS: dict[str, Right] = {
    # people
    "organisation.found": system,
    "member.invite": either(system, role("administrator")),
    "member.end": role("administrator"),
    "visit.open": role("administrator", "validator"),
    "visit.close": role("administrator", "validator"),
    "visit.see": role("auditor"),
    # filing
    "return.file": role(*FILES_RETURNS),
    "campaign.open": lambda actor, thing: supervises(actor, thing) and _inside(actor, thing),
    "campaign.read": supervises,
    # audits
    "engagement.open": role("administrator", "validator"),
    "engagement.end": role("administrator", "validator"),
    "engagement.see": role("administrator", "validator"),
    "pack.order": either(role("auditor", "validator", "administrator"), its_owner, oversees),
    "token.issue": role("administrator"),
    "token.revoke": role("administrator"),
    "board.report": role("administrator", "validator", "committee"),
    "health.read": lambda actor, _self: actor.has("administrator", "officer"),
    # inventory
    "model.read": lambda actor, model: not actor.scopes or not actor.scopes.isdisjoint(READERS),
    "model.register": either(role("model_owner"), scope("models:write")),
    "model.edit": either(its_owner, scope("models:write")),
    "model.withdraw": its_owner,
    "model.reassign": either(its_owner, role("administrator")),
    "version.add": either(system, its_owner, scope("models:write")),
    "version.withdraw": its_owner,
    "document.add": either(its_owner, role("validator"), scope("models:write")),
    "document.review": another_than_its_owner,
    "revision.withdraw": its_owner_or_uploader,
    "regime.determine": concludes_independently,
    "kpi.enter": either(its_owner, role("validator")),
    "kpi.take_over": system,
    # risk and obligations
    "risk.assess": either(its_owner, role("validator"), scope("models:write")),
    "risk.override": concludes_independently,
    "evidence.record": either(
        system,
        role("model_owner", "validator", "committee"),
        scope("models:write"),
        scope("oversight:write"),
    ),
    "event.note": either(system, role("model_owner", "validator", "committee"), supervises),
    "evidence.revoke": either(system, role("validator")),
    "duty.conclude": concludes_independently,
    "duty.waive": concludes_independently,
    "house_paper.add": role("model_owner", "validator", "administrator"),
    "house_paper.review": another_than_who_handed_in("validator", "committee"),
    "house_paper.sign": another_than_who_handed_in("committee"),
    "house_paper.withdraw": either(who_handed_in, role("validator")),
    "training.record": role("model_owner", "validator"),
    "framework.adopt": role("validator", "administrator"),
    "crosswalk.confirm": role("validator"),
    "mapping.sign": role("validator"),
    "catalogue.load": system,
    "catalogue.preview": lambda actor, _self: (
        actor.is_person and actor.has("validator", "administrator", *SUPERVISING)
    ),
    # monitoring
    "dataset.describe": either(its_owner, scope("windows:write")),
    "window.add": either(system, its_owner, scope("windows:write")),
    "window.withdraw": its_owner,
    "window.erase": either(system, its_owner, role("validator")),
    "window.keep_longer": concludes_independently,
    "window.ground": its_owner,
    "reference.decide": decides_on_reference,
    "window.fetch": either(system, its_owner, role("administrator"), scope("windows:write")),
    "receipt.read": lambda actor, model: (
        not actor.scopes or not actor.scopes.isdisjoint((*READERS, "windows:write"))
    ),
    "labels.add": either(its_owner, scope("windows:write")),
    "labels.withdraw": its_owner,
    "measurement.declare": either(its_owner, scope("windows:write")),
    "plan.set": either(its_owner, role("validator"), scope("windows:write")),
    "blackout.declare": role("administrator", "validator"),
    "finding.handle": either(its_owner, role("validator")),
    "finding.pass_on": either(its_owner, role("administrator")),
    "check.not_applicable": concludes_independently,
    "run.start": either(system, its_owner, role("validator"), scope("windows:write")),
    "run.read": lambda actor, model: (
        not actor.scopes or not actor.scopes.isdisjoint((*READERS, "windows:write"))
    ),
    "run.recompute": either(role("validator", "auditor"), oversees, scope("windows:write")),
    "run.work": system,
    "decision.explain": either(its_owner, role("validator", "auditor"), scope("windows:write")),
    "evidently_report.ask": either(its_owner, role("validator", "auditor"), scope("windows:write")),
    "baseline.keep": system,
    "market.read": supervises,
    "connector.register": role("administrator"),
    "source.register": role("administrator"),
    "counting_key.register": role("administrator"),
    # approvals
    "approval.request": either(its_owner, scope("approvals:request")),
    "approval.recommend": reviews_and_did_not_ask,
    "approval.condition": either(sits_and_did_not_ask, reviews_and_did_not_ask),
    "approval.vote": sits_and_did_not_ask,
    "approval.withdraw": lambda actor, request: (
        _inside(actor, request) and request.requested_by_id == actor.user_id
    ),
    "gate.ask": either(
        system, role("model_owner", "validator", "committee", "administrator"), scope("gate:read")
    ),
    # Who stops is judged on the model. One person is enough to stop, none is enough to let it run again.
    "permission.suspend": either(its_owner, role("validator", "committee"), supervises),
    "permission.release": supervises,
    "permission.ask_lift": either(its_owner, role("validator")),
    # incidents: all judged on the model
    "incident.open": either(system, its_owner, role("validator", "committee"), supervises),
    "incident.handle": either(its_owner, role("validator", "committee")),
    "notice.give": either(its_owner, role("validator")),
    "oversight.record": either(its_owner, role("validator", "committee"), scope("oversight:write")),
    "incident.read": lambda actor, model: not actor.scopes or not actor.scopes.isdisjoint(READERS),
    "objection.record": either(its_owner, role("validator")),
    "drill.record": either(its_owner, role("validator"), scope("oversight:write")),
}


def may(actor: Actor, right: str, thing: Any) -> bool:
    """Whether `actor` has `right` over `thing` as it stands now. Raises KeyError for a right nobody declared."""
    return RIGHTS[right](actor, thing)


def require(actor: Actor, right: str, thing: Any) -> None:
    """Raises NotAllowed."""
    if not may(actor, right, thing):
        raise NotAllowed


def reaching(actor: Actor, right: str, thing: Any) -> Actor:
    """`actor` as they act where `thing` is: themselves at home, an officer of the supervisor at a participant.

    The right is judged first, and again by the service on the locked row. Raises NotAllowed.
    """
    require(actor, right, thing)
    if actor.works_in(thing.organisation_id):
        return actor
    return actor.reaching(thing.organisation_id, roles=actor.roles.intersection(SUPERVISING))
