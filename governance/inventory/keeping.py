"""A page that keeps what is typed while it is typed: what it asks, and what it is told. The page's side is keep.js."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, JsonResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.errors import OutOfOrder

HEADER = "X-Senim-Keep"
SAVE, CHECK = "save", "check"


class OlderCopy(OutOfOrder):
    """What was sent was typed over something that is no longer what stands on record."""

    title = gettext_lazy("This page is older than what is saved")


def asked(request: HttpRequest) -> str:
    """SAVE: keep what is typed. CHECK: only say whether it could be sent now. "": the form itself is sent."""
    how = request.headers.get(HEADER, "")
    return how if how in (SAVE, CHECK) else ""


def ready() -> JsonResponse:
    return JsonResponse({"state": "ready"})


def kept(*, seen: str, left: Iterable[str] = (), address: str = "") -> JsonResponse:
    """seen: fingerprint of what is on record now. left: labels of what could not be kept. address: where it goes from now on."""
    time = formats.time_format(timezone.localtime(), "TIME_FORMAT")
    left = list(left)
    words = _("Saved at %(time)s.") % {"time": time}
    if left:
        words = _("Saved at %(time)s, except: %(left)s.") % {"time": time, "left": ", ".join(left)}
    return JsonResponse({"state": "kept", "words": words, "seen": seen, "address": address})


def waiting(words: str) -> JsonResponse:
    """Nothing is wrong, and there is nothing yet that could be kept."""
    return JsonResponse({"state": "waiting", "words": words})


def older() -> JsonResponse:
    words = _(
        "Not saved: this was changed in another tab or by somebody else since you opened it."
        " What you typed stays here; nothing was overwritten. Press the button to compare the two."
    )
    return JsonResponse({"state": "older", "words": words}, status=409)
