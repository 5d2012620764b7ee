"""What a planned check waits for that cannot be asked, and who does what about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WAITS: dict[str, StrOrPromise] = {
    "reference": _(
        "No reference counts for these data, so there is nothing to compare with. The model owner hands one in; one that is not "
        "the first of its data counts once the second line has accepted it."
    ),
    "acceptance": _(
        "A reference was handed in and waits for the second line, which accepts or declines it; until then there is nothing to "
        "compare with."
    ),
    "groups": _(
        "The dataset names no sensitive columns. The model owner corrects its description, or the second line says why the check "
        "does not apply."
    ),
    "check": _(
        "The package that brings this check is not installed here any more. Whoever runs Senim installs it again."
    ),
    "current": _("No current data period stands. The model owner hands one in."),
    "version": _("No version of the model stands. The model owner registers one."),
    "set_aside": _("The second line has set this check aside as not applicable."),
}
FOUND = _("This check is planned, but since %(since)s it cannot be asked. %(why)s")
ABOUT = _("%(check)s (%(dataset)s): %(why)s")
NOTHING = _("There is nothing to run: a plan, a version and a current data period are needed.")
NONE_ASKED = _("There is nothing to run, because none of the planned checks can be asked. %(checks)s")


def why(lacks: str) -> str:
    return str(WAITS[lacks])


def found(lacks: str, since: str) -> str:
    """What a finding says of it."""
    return str(FOUND) % {"since": since, "why": why(lacks)}
