"""The only writers of confirmations."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.obligations.crosswalk.models import Confirmation
from governance.obligations.crosswalk.queries import members_of
from governance.obligations.crosswalk.themes import edition, themes
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require


def confirm(
    *, by: Actor, organisation: Organisation, group: str, members: Collection[str]
) -> list[Confirmation]:
    """A person confirms members of a group, each once per edition; what is confirmed already stays as it is.

    members: keys of requirements. Returns what was written. Raises NotAllowed, NotFound, RuleBroken.
    """
    with acting(by, "crosswalk.confirmed"):
        organisation = locked(organisation)
        require(by, "crosswalk.confirm", organisation)
        if group not in themes():
            raise NotFound
        asked = {each.key: each for each in members_of(organisation.pk, themes()[group])}
        _refuse_others(set(members) - asked.keys())
        return [
            Confirmation.objects.create(
                organisation=organisation,
                crosswalk_edition=edition(),
                group=group,
                member=key,
                framework_edition=each.obligation.framework.edition,
                confirmed_by_id=by.person,
            )
            for key, each in asked.items()
            if key in members and each.confirmation is None
        ]


def revoke(*, by: Actor, confirmation: Confirmation, reason: str) -> Confirmation:
    """Take a confirmation back; the row stays, with the reason. Raises NotAllowed, OutOfOrder, RuleBroken."""
    if not reason.strip():
        raise RuleBroken(problems=[Problem("reason", _("Give the reason in your own words."))])
    with acting(by, "crosswalk.revoked", reason=reason.strip()):
        confirmation = locked(confirmation)
        require(by, "crosswalk.confirm", confirmation)
        if confirmation.revoked_at is not None:
            raise OutOfOrder(_("This confirmation was taken back already."))
        confirmation.revoked_at, confirmation.revoked_by_id = timezone.now(), by.person
        confirmation.reason = reason.strip()
        confirmation.save(update_fields=["revoked_at", "revoked_by", "reason"])
        return confirmation


def _refuse_others(keys: Collection[str]) -> None:
    """Raises RuleBroken."""
    if keys:
        what = _("This requirement does not stand in this group.")
        raise RuleBroken(problems=[Problem(key, what) for key in sorted(keys)])
