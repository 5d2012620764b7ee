"""Judges what was said of rows against the model, the clock and the setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import RuleBroken
from governance.inventory.models import AIModel
from monitoring.shielding.columns import Retained, Shielded
from monitoring.shielding.rules import Grounds, Protection, problems_of_grounds, proposed


def said_of(
    model: AIModel,
    personal: bool | None,
    bank_secret: bool | None,
    reason: str,
    looks_personal: Mapping[str, Any],
) -> Protection:
    """What is said of the rows of a dataset, and where nothing is said, what the model's answers say."""
    careful = proposed(model)
    return Protection(
        careful["personal"] if personal is None else personal,
        careful["bank_secret"] if bank_secret is None else bank_secret,
        reason.strip(),
        looks_personal,
    )


COUNTS_OR_GROUNDS = _(
    "Rows of this dataset are personal data or a bank secret: hand in counts made by senim count, or say on which "
    "basis the rows may be here and when they are erased."
)
GROUNDS = _(
    "The rows of this log are personal data or a bank secret: say on which basis they may be here and when they are erased."
)


def rightful(dataset: Shielded, grounds: Grounds) -> Grounds:
    """The grounds on which rows may come in. Raises RuleBroken where they need some and these are none."""
    if not dataset.is_protected and not grounds:
        return grounds
    most = settings.SENIM_KEEP_ROWS_AT_MOST
    problems = list(problems_of_grounds(grounds, timezone.localdate(), most, dataset.is_counted_first))
    if problems:
        raise RuleBroken(COUNTS_OR_GROUNDS if dataset.is_counted_first else GROUNDS, problems)
    return grounds


def grounds_of(window: Retained) -> Grounds:
    return Grounds(window.legal_basis, window.basis_text, window.keep_until)
