"""Sign how requirements are mapped to evidence, one or several of an edition at once, and revoke a signature."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.models import Framework
from governance.obligations.surroundings import Owed, newest_editions, owed
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require


def sign(
    *, by: Actor, organisation: Organisation, obligation_key: str, name: str, position: str, seen_digest: str
) -> MappingSignature:
    """Sign the mapping of one requirement as it stands in the edition in force.

    name, position: of the lawyer who answers for it. seen_digest: of the mapping that was on the page.
    Raises NotAllowed, NotFound, OutOfOrder, RuleBroken.
    """
    with acting(by, "mapping.signed"):
        organisation = locked(organisation)
        require(by, "mapping.sign", organisation)
        _refuse_without_signer(name, position)
        found = {each.obligation.key: each for each in owed(newest_editions())}.get(obligation_key)
        if found is None:
            raise NotFound
        return _signed(by, organisation, found, seen_digest, name, position)


def sign_several(
    *,
    by: Actor,
    organisation: Organisation,
    framework_key: str,
    edition: str,
    seen: Mapping[str, str],
    name: str,
    position: str,
) -> list[MappingSignature]:
    """Sign several mappings of one edition, all of them or none. seen: key of each requirement → digest on the page.

    Raises NotAllowed, NotFound, OutOfOrder, RuleBroken.
    """
    with acting(by, "mapping.signed"):
        organisation = locked(organisation)
        require(by, "mapping.sign", organisation)
        _refuse_without_signer(name, position)
        if not seen:
            raise RuleBroken(problems=[Problem("entries", _("Choose the requirements that are signed."))])
        there = {each.obligation.key: each for each in owed([in_force(framework_key, edition)])}
        if not seen.keys() <= there.keys():
            raise NotFound
        return [
            _signed(by, organisation, there[key], digest, name, position)
            for key, digest in sorted(seen.items())
        ]


def revoke(*, by: Actor, signature: MappingSignature, reason: str) -> MappingSignature:
    """Take a signature back; it stays on record with the reason. Raises NotAllowed, OutOfOrder, RuleBroken."""
    if not reason.strip():
        raise RuleBroken(problems=[Problem("reason", _("Give the reason in your own words."))])
    with acting(by, "mapping.signature_revoked", reason=reason.strip()):
        signature = locked(signature)
        require(by, "mapping.sign", signature)
        if signature.revoked_at is not None:
            raise OutOfOrder(_("This signature is revoked already."))
        signature.revoked_at, signature.revoked_reason = timezone.now(), reason.strip()
        signature.save(update_fields=["revoked_at", "revoked_reason"])
        return signature


def in_force(framework_key: str, edition: str) -> Framework:
    """The edition in force, if it is the one that was read. Raises NotFound, OutOfOrder."""
    framework = next((each for each in newest_editions() if each.key == framework_key), None)
    if framework is None:
        raise NotFound
    if framework.edition != edition:
        raise OutOfOrder(_("A newer edition is in force. Look at its mapping, then sign."))
    return framework


def _refuse_without_signer(name: str, position: str) -> None:
    """Raises RuleBroken."""
    problems = []
    if not name.strip():
        problems.append(Problem("name", _("Name the lawyer who signs.")))
    if not position.strip():
        problems.append(Problem("position", _("Name the position of the lawyer.")))
    if problems:
        raise RuleBroken(problems=problems)


def _signed(
    by: Actor, organisation: Organisation, of: Owed, seen_digest: str, name: str, position: str
) -> MappingSignature:
    """Raises OutOfOrder."""
    key = of.obligation.key
    if seen_digest != of.mapping_digest:
        raise OutOfOrder(_("The mapping changed while you were reading. Look at it again, then sign."))
    same = MappingSignature.objects.standing().filter(organisation=organisation, obligation_key=key)
    former = same.filter(mapping_digest=of.mapping_digest).first()
    if former is not None:
        raise OutOfOrder(
            _("%(requirement)s is signed already by %(signer)s. Revoke that signature first.")
            % {"requirement": of.obligation.ref, "signer": former}
        )
    return MappingSignature.objects.create(
        organisation=organisation,
        obligation_key=key,
        framework_key=of.framework.key,
        edition=of.framework.edition,
        mapping_digest=of.mapping_digest,
        signed_by_id=by.person,
        name=name.strip(),
        position=position.strip(),
    )
