"""Why a file with personal columns is refused, and what to do then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LOOKS: dict[str, StrOrPromise] = {
    "looks_like_name": _(
        "This column looks like names of people. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
    "looks_like_email": _(
        "This column looks like e-mail addresses. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
    "looks_like_iin": _(
        "This column looks like IIN. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
    "looks_like_phone": _(
        "This column looks like telephone numbers. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
    "looks_like_card": _(
        "This column looks like card numbers. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
    "identifier_not_hashed": _(
        "This identifier is not hashed. Write HMAC-SHA-256 of it here, 64 hexadecimal digits, made with a key that stays in "
        "your organisation."
    ),
    "identifier_not_random": _(
        "This identifier is no random UUID. Write one of version 4 here, 36 characters with hyphens; the table that leads back "
        "to the case stays in your organisation."
    ),
}
