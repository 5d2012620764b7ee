"""The words for why a requirement changed. Light: nothing but translations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BECAUSE: Mapping[str, StrOrPromise] = {
    "first": _("computed for the first time"),
    "came": _("the requirement came on: an edition, a framework or an answer made it apply"),
    "went": _("the requirement is no longer on: another edition or framework"),
    "evidence": _("other evidence counts"),
    "conclusion": _("a conclusion or a signature under the mapping came, or lapsed"),
    "excuse": _("an accepted gap or a waiver began or ended"),
    "time": _("a day passed on which evidence fell due or lapsed"),
    "record": _("the registration, the grade or the state of the versions changed"),
}
