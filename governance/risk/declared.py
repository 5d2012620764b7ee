"""What the registration says that belongs to a grade: the mode of use and the prohibited functions of Art. 17."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.inventory.words import ProhibitedFunction, UsageMode

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Declared:
    """prohibited: functions of Art. 17(3) that the model has; any one of them closes the gate everywhere.

    is_checked: somebody looked for them. mode: of use, Art. 17(4); "" = not answered.
    """

    mode: StrOrPromise
    prohibited: Sequence[StrOrPromise]
    is_checked: bool

    @property
    def sentence(self) -> StrOrPromise:
        if self.prohibited:
            return _("The model has them, so the gate denies every version of it in every environment.")
        if self.is_checked:
            return _("All seven were checked, and none is declared.")
        return _("Nobody has checked them yet. Any one of the seven would close the gate everywhere.")


def of(model: AIModel) -> Declared:
    return Declared(
        mode=UsageMode(model.usage_mode).label if model.usage_mode else "",
        prohibited=[ProhibitedFunction(name).label for name in model.prohibited_functions],
        is_checked=model.prohibited_use_check is True,
    )
