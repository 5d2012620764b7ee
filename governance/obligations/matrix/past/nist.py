"""A model's profile under NIST AI RMF as it stood at the end of a day."""

from __future__ import annotations

from django.utils.translation import gettext as _

from governance.errors import OutOfOrder
from governance.inventory.models import AIModel
from governance.inventory.past import as_they_stood
from governance.obligations.matrix.nist import KEY, named, written
from governance.obligations.matrix.profile import Profile
from governance.obligations.past import queries
from governance.people.asked_day import AsOf


def profile_of(model: AIModel, as_of: AsOf) -> Profile:
    """Raises OutOfOrder where nothing had been computed by then, and where the framework was not on for the model."""
    past = queries.as_of(model, as_of.day)
    if past.computed_at is None or KEY not in past.editions:
        raise OutOfOrder(
            _("There was no profile on this day: the framework was not on, or nothing was computed.")
        )
    [then] = as_they_stood([model], as_of)
    return written(
        named(then.model, past.version),
        past.editions[KEY],
        [line for line in past.lines if line.obligation.framework.key == KEY],
        on=as_of.day,
        computed_at=past.computed_at,
        is_current=True,
    )
