"""The only writers of this room: how the rows of a dataset are protected, and how long a data period keeps its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data.ended import refuse_ended
from monitoring.data.models import Dataset, MadeOf, Window
from monitoring.shielding.erasing import catch_up as catch_up
from monitoring.shielding.rightful import rightful
from monitoring.shielding.rules import Grounds, Protection, problems_of_date, problems_of_protection


def protect(
    *,
    by: Actor,
    dataset: Dataset,
    personal: bool,
    bank_secret: bool,
    protection_reason: str = "",
    looks_personal: Mapping[str, str] | None = None,
) -> Dataset:
    """Say anew whether the rows are personal data or a bank secret, and which columns only look personal.

    It holds for the data periods that come. Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    said = Protection(personal, bank_secret, protection_reason.strip(), looks_personal or {})
    with acting(by, "dataset.protected", reason=said.protection_reason):
        model = _locked(dataset.model_id)
        require(by, "dataset.describe", model)
        if model.withdrawn_at is not None:
            raise OutOfOrder(_("The model is withdrawn."))
        problems = list(problems_of_protection(said, model))
        if problems:
            raise RuleBroken(_("The protection of the rows was not changed."), problems)
        dataset = Dataset.objects.select_for_update(of=("self",)).get(pk=dataset.pk)
        refuse_ended(dataset)
        for field, value in said.as_fields().items():
            setattr(dataset, field, value)
        dataset.save(update_fields=list(said.as_fields()))
        return dataset


def erase(*, by: Actor, window: Window, reason: str) -> Window:
    """Have the rows of a data period erased before their date. The next round does it; it cannot be undone.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    reason = _given(reason)
    with acting(by, "window.erasure_ordered", reason=reason):
        window = _its_rows(by, window, "window.erase")
        window.keep_until, window.erase_reason = timezone.localdate(), reason
        window.erase_asked_by_id = by.person
        window.save(update_fields=["keep_until", "erase_reason", "erase_asked_by"])
        return window


def ground(*, by: Actor, window: Window, grounds: Grounds) -> Window:
    """Say afterwards why rows are here and until when: they came in before their dataset was said to need it.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    with acting(by, "window.grounded"):
        window = _its_rows(by, window, "window.ground")
        if not window.lacks_grounds:
            raise OutOfOrder(_("Nothing more has to be said of the rows of this data period."))
        for field, value in rightful(window.dataset, grounds).as_fields().items():
            setattr(window, field, value)
        window.save(update_fields=list(grounds.as_fields()))
        return window


def keep_longer(*, by: Actor, window: Window, keep_until: date | None, reason: str) -> Window:
    """The second line puts off the day on which rows are erased. Raises NotAllowed, OutOfOrder, RuleBroken."""
    reason = _given(reason)
    with acting(by, "window.kept_longer", reason=reason):
        window = _its_rows(by, window, "window.keep_longer")
        problems = list(problems_of_date(keep_until, timezone.localdate(), settings.SENIM_KEEP_ROWS_AT_MOST))
        if window.keep_until is None or window.erase_asked_by_id:
            raise OutOfOrder(_("There is no date of erasure that could be put off."))
        if not problems and keep_until is not None and keep_until <= window.keep_until:
            problems = [Problem("keep_until", _("This is not later than the day that stands."))]
        if problems:
            raise RuleBroken(_("The date was not changed."), problems)
        window.keep_until = keep_until
        window.save(update_fields=["keep_until"])
        return window


def _its_rows(by: Actor, window: Window, right: str) -> Window:
    """The locked data period, whose rows are here. Raises NotAllowed, OutOfOrder."""
    model = _locked(window.model_id)
    require(by, right, model)
    window = Window.objects.select_related("dataset").select_for_update(of=("self",)).get(pk=window.pk)
    if window.made_of == MadeOf.COUNTS:
        raise OutOfOrder(_("This data period holds counts and no rows."))
    if window.is_erased:
        raise OutOfOrder(_("The rows of this data period are erased already."))
    return window


def _locked(model_id: object) -> AIModel:
    model: AIModel = AIModel.objects.select_for_update(no_key=True).get(pk=model_id)
    return model


def _given(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(_("Say why."), [Problem("reason", _("Say why."))])
    return reason.strip()
