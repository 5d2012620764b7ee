"""From a session or a token to an Actor, through the look-ups that work before any scope exists."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import get_language

from governance.people.acting import viewing
from governance.people.actor import ALL, Actor, Scope
from governance.people.models import User

ORGANISATION_KEY = "organisation"
"""Where the session keeps the organisation a person works for at the moment."""


class Backend(BaseBackend):
    """Sign-in by e-mail address and password. Each look-up opens the one account that is asked for."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: object,
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


@dataclass(frozen=True)
class Belonging:
    """An organisation that a person belongs to today, and their roles in it."""

    organisation_id: UUID
    kind: str
    names: dict[str, str]
    roles: frozenset[str]
    models: Scope = ALL

    @property
    def is_a_visit(self) -> bool:
        """An auditor comes to a participant for some days; their own firm is of another kind."""
        return self.kind == "participant" and self.roles == {"auditor"}

    @property
    def name(self) -> str:
        return self.names.get((get_language() or "en")[:2], self.names["en"])


def belongings(user_id: UUID) -> list[Belonging]:
    """All organisations of a person, in a stable order."""
    query = """SELECT organisation_id, kind, name_kk, name_ru, name_en, array_agg(role),
            CASE WHEN bool_and(models IS NOT NULL) THEN jsonb_agg(models) END
        FROM senim_memberships(%s) GROUP BY 1, 2, 3, 4, 5 ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(query, [user_id])
        return [
            Belonging(each, kind, {"kk": kk, "ru": ru, "en": en}, frozenset(roles), _seen(models))
            for each, kind, kk, ru, en, roles, models in cursor.fetchall()
        ]


def _seen(limits: str | list[list[str]] | None) -> Scope:
    """The AIModels of all memberships together; one that is not limited opens every model."""
    if limits is None:
        return ALL
    lists: list[list[str]] = json.loads(limits) if isinstance(limits, str) else limits
    return frozenset(UUID(each) for one in lists for each in one)


def person(user: User, organisation_id: UUID | None = None) -> Actor:
    """The actor of a signed-in person who works for `organisation_id`, or at home.

    Home is the first organisation that they belong to and do not only visit as an auditor.
    """
    belongs = belongings(user.pk)
    if not belongs:
        return Actor("person", id=str(user.pk), name=user.name, user_id=user.pk)
    at_home = min(belongs, key=lambda each: each.is_a_visit)
    chosen = next((each for each in belongs if each.organisation_id == organisation_id), at_home)
    only = frozenset({chosen.organisation_id})
    return Actor(
        "person",
        id=str(user.pk),
        name=user.name,
        organisation_id=chosen.organisation_id,
        roles=chosen.roles,
        reads=ALL if chosen.kind == "supervisor" else only,
        writes=only,
        user_id=user.pk,
        models=chosen.models,
    )


def token(secret: str) -> Actor | None:
    """The actor of a token, or None for one that is unknown, revoked or expired."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, organisation_id, name, scopes, user_id FROM senim_token(%s)", [sha256(secret)]
        )
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
