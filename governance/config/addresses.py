"""Addresses as one line of text (`postgresql://…`, `smtp://…`) turned into Django's settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit


class AddressRefused(ValueError):
    """The text is no address of that kind. The message never repeats the text: it may hold a password."""


def database_settings(url: str) -> dict[str, Any]:
    """One entry of Django's DATABASES.

    url: as libpq takes it, `postgresql://user:password@host:5432/name?sslmode=verify-full`, or with the
    socket's directory in the query, `postgresql://user:password@/name?host=/run/postgresql&port=5432`.
    Whatever else the query says goes to libpq.
    """
    parts, port = _split(url, schemes=("postgresql", "postgres"), what="a PostgreSQL address")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = unquote(parts.path.removeprefix("/")) or options.pop("dbname", "")
    if not name or "/" in name:
        raise AddressRefused(
            "a PostgreSQL address must name one database: postgresql://user:password@host/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or "") or options.pop("password", ""),
        "HOST": options.pop("host", _host(parts)),
        "PORT": options.pop("port", str(port or "")),
        "OPTIONS": options,
    }


def email_settings(url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings of `smtp://user:password@host:25`, `smtp+tls://…:587` (STARTTLS) or `smtps://…:465`."""
    parts, port = _split(url, schemes=("smtp", "smtp+tls", "smtps"), what="a mail server's address")
    if not parts.hostname:
        raise AddressRefused("a mail server's address must name its host: smtp+tls://user:password@host:587")
    usual = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def _split(url: str, *, schemes: tuple[str, ...], what: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused(
            f"{what} cannot be read; special characters in a password are written as %XX"
        ) from None
    if parts.scheme not in schemes:
        raise AddressRefused(f"{what} begins with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return parts, port


def _host(parts: SplitResult) -> str:
    """The host as it was written: `hostname` would lower a percent-encoded socket directory."""
    _, _, address = parts.netloc.rpartition("@")
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return unquote(address.partition(":")[0])
