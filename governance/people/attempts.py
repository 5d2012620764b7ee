"""How often somebody tried to get in: counted in PostgreSQL, so that all web processes count together.

What is kept is a keyed hash of the account or address and a number, for a quarter of an hour. An account that nobody
has is counted like any other, so the answer tells nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, models
from django.http import HttpRequest
from django.utils import timezone

from governance.errors import TooMany

WINDOW = timedelta(minutes=15)


class Attempt(models.Model):
    """Failures under one key since a moment. `key`: HMAC-SHA-256 of what was counted; the words are not kept."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField()
    since = models.DateTimeField(db_index=True)


@dataclass(frozen=True)
class Limit:
    """So many failures of this kind are let pass within the window."""

    kind: str
    most: int


ACCOUNT_FROM_ADDRESS = Limit("account from address", 5)
# Higher than the one above: whoever guesses from elsewhere must not lock a person out at once.
ACCOUNT = Limit("account", 25)
ADDRESS = Limit("address", 50)
TOKENS_FROM_ADDRESS = Limit("tokens from address", 30)
LETTERS_TO_ACCOUNT = Limit("letters to account", 3)
LETTERS_FROM_ADDRESS = Limit("letters from address", 20)

Counted = Mapping[Limit, str]


def sign_in(request: HttpRequest, account: str) -> Counted:
    """What a sign-in counts under."""
    account, address = account.strip().lower()[:254], address_of(request)
    return {ACCOUNT_FROM_ADDRESS: f"{account} {address}", ACCOUNT: account, ADDRESS: address}


def token(request: HttpRequest) -> Counted:
    """What a call with a wrong token counts under."""
    return {TOKENS_FROM_ADDRESS: address_of(request)}


def letter(request: HttpRequest, account: str) -> Counted:
    """What asking for a letter with a link counts under."""
    return {LETTERS_TO_ACCOUNT: account.strip().lower()[:254], LETTERS_FROM_ADDRESS: address_of(request)}


def refuse_too_many(counted: Counted) -> None:
    """Raises TooMany with the seconds to wait."""
    limits = {_key(limit, what): limit for limit, what in counted.items()}
    now = timezone.now()
    full = [
        each.since
        for each in Attempt.objects.filter(pk__in=limits, since__gt=now - WINDOW)
        if each.failures >= limits[each.key].most
    ]
    if full:
        raise TooMany(wait=_wait(max(full), now))


def note_failure(counted: Counted) -> None:
    """Count one more, in one statement a key: two failures at once are two."""
    with connection.cursor() as cursor:
        for limit, what in counted.items():
            cursor.execute(_COUNT, {"key": _key(limit, what), "window": WINDOW.total_seconds()})


def forget(counted: Counted) -> None:
    """Somebody came in: their own failures from there no longer count."""
    mine = [_key(limit, what) for limit, what in counted.items() if limit == ACCOUNT_FROM_ADDRESS]
    Attempt.objects.filter(pk__in=mine).delete()


def clean() -> None:
    """Remove what counts no more."""
    Attempt.objects.filter(since__lt=timezone.now() - WINDOW).delete()


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: behind our own proxies, what the outermost of them saw."""
    told = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()]
    proxies = settings.SENIM_PROXIES
    if proxies and len(told) >= proxies:
        return str(told[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


_COUNT = """
INSERT INTO governance_attempt AS a (key, failures, since) VALUES (%(key)s, 1, now())
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN a.since > now() - make_interval(secs => %(window)s) THEN a.failures + 1 ELSE 1 END,
    since = CASE WHEN a.since > now() - make_interval(secs => %(window)s) THEN a.since ELSE now() END
"""


def _key(limit: Limit, what: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{limit.kind}:{what}".encode(), "sha256").hexdigest()


def _wait(since: datetime, now: datetime) -> int:
    return max(1, int((since + WINDOW - now).total_seconds()) + 1)
