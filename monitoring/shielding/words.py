"""Why a file with personal columns is refused, and what to do then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BY_VALUES = _(
    "%(found)s of %(looked)s values looked at have this form, such as %(example)s. Where the column is needed, write a "
    "pseudonym in place of each value."
)
BY_HEADER = _(
    "The name of the column says so, and %(found)s of %(looked)s values looked at could be such data, as %(example)s. Where the "
    "column is needed, write a pseudonym in place of each value."
)
KINDS: dict[str, StrOrPromise] = {
    "name": _(
        "This column looks like names of people. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
    "email": _(
        "This column looks like e-mail addresses. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
    "iin": _(
        "This column looks like IIN. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
    "phone": _(
        "This column looks like telephone numbers. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
    "card": _(
        "This column looks like card numbers. Leave it out of the file, or declare it with a reason under "
        "“Protection of the rows” of the dataset."
    ),
}
LOOKS: dict[str, StrOrPromise] = {
    **{f"looks_like_{kind}": format_lazy("{} {}", what, BY_VALUES) for kind, what in KINDS.items()},
    **{f"headed_like_{kind}": format_lazy("{} {}", what, BY_HEADER) for kind, what in KINDS.items()},
    "identifier_not_hashed": _(
        "This identifier is not hashed. Write HMAC-SHA-256 of it here, 64 hexadecimal digits, made with a key that stays in "
        "your organisation."
    ),
    "identifier_not_random": _(
        "This identifier is no random UUID. Write one of version 4 here, 36 characters with hyphens; the table that leads back "
        "to the case stays in your organisation."
    ),
}
