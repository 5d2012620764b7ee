"""Who can answer for a model: people with a role that lasts beyond today."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.people.models import Membership
from governance.people.rights import OWNS_MODELS


def owning(today: date) -> QuerySet[Membership]:
    """Memberships that let somebody own models today and tomorrow. Somebody whose last day it is hands over today."""
    lasting = Membership.objects.current(today).filter(role__in=OWNS_MODELS, user__is_active=True)
    return lasting.filter(Q(ends_on=None) | Q(ends_on__gt=today))


def can_own(model: AIModel) -> bool:
    """Whether the person it names as owner may own models of its organisation."""
    here = owning(timezone.localdate()).filter(organisation_id=model.organisation_id)
    try:
        return here.filter(user_id=model.owner_id).exists()
    except ValidationError:  # no key at all, which the column has said
        return True
