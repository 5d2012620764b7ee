"""How a program shows who it is: a bearer token in the Authorization header."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from governance.errors import SignInNeeded
from governance.people import attempts, recognition
from governance.people.actor import Actor


class TokenAuth(HttpBearer):
    """Puts the token's actor on the request. Raises SignInNeeded for a token that opens nothing, TooMany for the next of many."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        found: Actor | None = super().__call__(request)
        if found is None:
            raise SignInNeeded
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = recognition.token(token)
        if actor is None:
            counted = attempts.token(request)
            attempts.refuse_too_many(counted)
            attempts.note_failure(counted)
        else:
            request.actor = actor  # type: ignore[attr-defined]
        return actor
