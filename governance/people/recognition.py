"""From a session or a token to an Actor, through the look-ups that work before any scope exists."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.http import HttpRequest

from governance.people.acting import viewing
from governance.people.actor import ALL, Actor, Scope
from governance.people.models import User

ORGANISATION_KEY = "organisation"
"""Where the session keeps the organisation a person works for at the moment."""


class Backend(BaseBackend):
    """Sign-in by e-mail address and password. Each look-up opens the one account that is asked for."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: object
    ) -> User | None:
        email = (username or "").strip().lower()
        with viewing(Actor.nobody(), person=email):
            user = User.objects.filter(email=email).first()
        if user is None:
            User().set_password(password)  # the same work for an address that nobody has
            return None
        return user if check_password(password or "", user.password) and user.is_active else None

    def get_user(self, user_id: str | UUID) -> User | None:
        with viewing(Actor.nobody(), person=str(user_id)):
            return User.objects.filter(pk=user_id, is_active=True).first()


def person(user: User, organisation_id: UUID | None = None) -> Actor:
    """The actor of a signed-in person who works for `organisation_id`, or for the first they belong to."""
    belongs: dict[UUID, tuple[str, set[str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation_id, kind, role FROM senim_memberships(%s) ORDER BY 1", [user.pk])
        for each, kind, role in cursor.fetchall():
            belongs.setdefault(each, (kind, set()))[1].add(role)
    if not belongs:
        return Actor("person", id=str(user.pk), name=user.name, user_id=user.pk)
    chosen = organisation_id if organisation_id in belongs else next(iter(belongs))
    assert chosen is not None
    kind, roles = belongs[chosen]
    reads: Scope = ALL if kind == "supervisor" else frozenset({chosen})
    return Actor(
        "person",
        id=str(user.pk),
        name=user.name,
        organisation_id=chosen,
        roles=frozenset(roles),
        reads=reads,
        writes=frozenset({chosen}),
        user_id=user.pk,
    )


def token(secret: str) -> Actor | None:
    """The actor of a token, or None for one that is unknown, revoked or expired."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, organisation_id, name, scopes, user_id FROM senim_token(%s)", [sha256(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    token_id, organisation_id, name, scopes, user_id = row
    only = frozenset({organisation_id})
    return Actor(
        "token",
        id=str(token_id),
        name=name,
        organisation_id=organisation_id,
        scopes=frozenset(json.loads(scopes) if isinstance(scopes, str) else scopes),
        reads=only,
        writes=only,
        user_id=user_id,
    )


def sha256(secret: str) -> str:
    """Secrets of 256 random bits need no slow hash: nobody can guess one."""
    return hashlib.sha256(secret.encode()).hexdigest()
