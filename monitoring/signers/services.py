"""The only writers of this room: which keys may sign counts."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require
from monitoring.signers.models import CountingKey


def register(*, by: Actor, organisation: Organisation, name: str, public_pem: str) -> CountingKey:
    """From now on counts of this organisation must be signed by a registered key. Raises NotAllowed, RuleBroken, OutOfOrder."""
    name, key = name.strip(), _key(public_pem)
    with acting(by, "counting_key.registered"):
        organisation = locked(organisation)
        require(by, "counting_key.register", organisation)
        if not name or len(name) > 80:
            raise RuleBroken(
                _("The key was not registered."), [Problem("name", _("Say it in 1 to 80 characters."))]
            )
        fingerprint = _fingerprint(key)
        if CountingKey.objects.standing().filter(organisation=organisation, fingerprint=fingerprint).exists():
            raise OutOfOrder(_("This key is registered already."))
        return CountingKey.objects.create(
            organisation=organisation,
            name=name,
            public_pem=key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
            fingerprint=fingerprint,
            registered_by_id=by.person,
        )


def revoke(*, by: Actor, key: CountingKey) -> CountingKey:
    """What was signed with it stays; nothing new is taken in under it. Raises NotAllowed, OutOfOrder."""
    with acting(by, "counting_key.revoked"):
        key = CountingKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
        require(by, "counting_key.register", key)
        if key.revoked_at:
            raise OutOfOrder(_("This key is revoked already."))
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        return key


def _key(public_pem: str) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(public_pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise RuleBroken(
            _("The key was not registered."),
            [Problem("public_pem", _("This is no public Ed25519 key in PEM. Never send the private one."))],
        )
    return key


def _fingerprint(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]
