"""What every refusal has in common: it says why in the reader's language, and it leaves everything as it was."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import gettext, override

from governance.errors import Problem
from governance.people.acting import viewing
from governance.people.isolation import EXEMPT
from tests.factories import REGISTER

LANGUAGES = ("kk", "ru", "en")
REPORT = {"places", "counts", "is_whole", "report"}
"""What a machine is told of a refused file besides."""
OURS = ("governance", "monitoring", "audits")


@contextmanager
def nothing_written() -> Iterator[None]:
    """Neither a row of any table of ours, the ledger included, nor a file of the store comes or goes.

    What stands on the written exempt list holds nothing of an organisation: a failed attempt is counted there.
    """
    before = _everything()
    yield
    assert _everything() == before


@contextmanager
def nothing_but_noted(files: int = 1) -> Iterator[None]:
    """As `nothing_written`, but for the note of each file that was refused, and the ledger's word of it."""
    before, stored = _everything()
    yield
    after, stored_now = _everything()
    assert stored_now == stored
    changed = {name: n - before[name] for name, n in after.items() if n != before[name]}
    assert (
        changed.keys() <= {"RefusedFile", "LedgerEntry", "LedgerPayload", "LedgerWaiting"}
        and changed.get("RefusedFile", 0) <= files
    )


@contextmanager
def reading_only() -> Iterator[None]:
    """As `nothing_written`, and PostgreSQL itself refuses every write inside."""
    with nothing_written(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        yield
        transaction.set_rollback(True)  # whatever comes after this may write again


def _everything() -> tuple[dict[str, int], list[Path]]:
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    tables = [model for model in ours if model._meta.db_table not in EXEMPT]
    with viewing(REGISTER):
        rows = {model.__name__: model._default_manager.count() for model in tables}
    store = Path(settings.SENIM_HOME) / "store"
    return rows, sorted(path for path in store.rglob("*") if path.is_file())


def said(msgid: str, language: str, **params: object) -> str:
    """What a message of the sources is in a language."""
    with override(language):
        words = gettext(msgid)
    return words % params if params else words


def page_in(client: Client, language: str) -> Client:
    client.cookies["django_language"] = language
    return client


def machine(secret: str, language: str = "en") -> Client:
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": language}
    return Client(headers=headers)


def words_on(answer: HttpResponse) -> str:
    return html.unescape(answer.content.decode())


def problem(answer: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """The body of a refusal in the shape of RFC 9457, which every refusal of the API has."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), (
        answer.content
    )
    body: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
    assert (
        {"type", "title", "status", "detail"}
        <= set(body)
        <= {"type", "title", "status", "detail", "problems"} | REPORT
    )
    assert (body["type"], body["status"]) == (f"urn:senim:problem:{code}", status)
    assert body["title"] and body["detail"]
    return body


def told(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Problems as the API tells them, in the language at hand."""
    return [{"where": str(each.where), "what": str(each.what)} for each in problems]
