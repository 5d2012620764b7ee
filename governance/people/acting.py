"""The only two ways to the database: `acting` to write, `viewing` to read.

Both open a transaction and tell PostgreSQL, in settings that end with it, who acts, what they do, under which request
and for which organisations. Row-level security reads the scopes; the ledger's triggers read actor and action, and
refuse a write that nobody announced.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from governance.people.actor import ALL, NOWHERE, Actor, Scope


@dataclass(frozen=True)
class Announcement:
    """What one transaction has told PostgreSQL."""

    actor: Actor
    action: str = ""
    reason: str = ""
    request_id: str = ""
    person: str = ""

    def settings(self) -> dict[str, str]:
        return {
            "senim.actor": self.actor.label,
            "senim.action": self.action,
            "senim.reason": self.reason,
            "senim.request": self.request_id,
            "senim.person": self.person or str(self.actor.user_id or ""),
            "senim.reads": _written(self.actor.reads),
            "senim.writes": _written(self.actor.writes if self.action else NOWHERE),
            "senim.models": _written(self.actor.models),
        }


_current: ContextVar[Announcement | None] = ContextVar("senim_announcement", default=None)
request_id: ContextVar[str] = ContextVar("senim_request_id", default="")
run_at_work: ContextVar[str] = ContextVar("senim_run_at_work", default="")
"""The run of a check that this worker answers at the moment, for the log."""


def current_actor() -> Actor | None:
    """Who reads or writes here, or None outside `acting` and `viewing`."""
    here = _current.get()
    return here.actor if here else None


@contextmanager
def acting(
    actor: Actor, action: str, *, reason: str = "", person: str = "", quiet: bool = False
) -> Iterator[None]:
    """Open a write transaction in which `actor` does `action`. On commit the sweep is rung.

    person: id or e-mail of the one account that is opened although it shares no organisation with the actor (somebody
    signs in, or is invited). quiet: a write that is no news for the rooms above, so no sweep is rung.
    Nested inside itself it makes a savepoint and names the finer action. Raises RuntimeError for a different actor.
    """
    if not action:
        raise RuntimeError("a write has to say what it does")
    with _announced(Announcement(actor, action, reason, person=person)):
        if settings.SENIM_BELL and not quiet:
            transaction.on_commit(partial(_ring, actor.organisation_id), robust=True)
        yield


@contextmanager
def viewing(actor: Actor, *, person: str = "") -> Iterator[None]:
    """Open a read transaction: what `actor` may not see is not there, and a write is refused by the ledger."""
    with _announced(Announcement(actor, person=person)):
        yield


@contextmanager
def _announced(announcement: Announcement) -> Iterator[None]:
    before = _current.get() if connection.in_atomic_block else None
    if before and before.actor != announcement.actor:
        raise RuntimeError(f"{before.actor.label} acts here; {announcement.actor.label} cannot join in")
    announcement = replace(announcement, request_id=request_id.get())
    nested = connection.in_atomic_block
    with transaction.atomic():
        _tell(announcement.settings())
        token = _current.set(announcement)
        try:
            yield
        finally:
            _current.reset(token)
        if nested:  # a released savepoint keeps what was set inside it, so the former values are set back
            _tell(before.settings() if before else dict.fromkeys(announcement.settings(), ""))


def _tell(values: dict[str, str]) -> None:
    calls = ", ".join(["set_config(%s, %s, true)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for pair in values.items() for part in pair])


def _written(scope: Scope) -> str:
    return ALL if scope == ALL else "{" + ",".join(sorted(str(each) for each in scope)) + "}"


def _ring(organisation_id: UUID | None) -> None:
    """Tell the rooms above that something changed; they pull the news themselves."""
    import_string(settings.SENIM_BELL)(organisation_id)
