"""Every way Senim refuses, mapped once to an HTTP status. Views and routers never catch these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what was handed in: where it stands, and what is wrong there."""

    where: StrOrPromise
    what: StrOrPromise


class Refusal(Exception):
    """A refusal in the reader's language. `code` is stable and names the problem type in the API (RFC 9457)."""

    status = 400
    code = "refused"
    title: StrOrPromise = _("This cannot be done")

    def __init__(self, message: StrOrPromise = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems
        self.more: Mapping[str, object] = {}
        """What a program is told beside, such as the way to a report."""

    def __str__(self) -> str:
        return str(self.message or self.title)


class NotFound(Refusal):
    """Not there, or not for this reader: the two answers are the same bytes."""

    status = 404
    code = "not-found"
    title = _("There is nothing here")


class SignInNeeded(Refusal):
    status = 401
    code = "sign-in-needed"
    title = _("Sign in first")


class NotAllowed(Refusal):
    status = 403
    code = "not-allowed"
    title = _("You do not have the right to do this")


class OutOfOrder(Refusal):
    """The thing asked for does not fit the state that the record is in."""

    status = 409
    code = "out-of-order"
    title = _("This step does not fit the present state")


class TooLarge(Refusal):
    status = 413
    code = "too-large"
    title = _("This is larger than the limit")


class WrongKind(Refusal):
    """The body of a request is not of the kind that this address takes."""

    status = 415
    code = "wrong-kind"
    title = _("The content is not of the kind that is taken here")


class RuleBroken(Refusal):
    """What was handed in does not keep a rule; `problems` name row, column or field."""

    status = 422
    code = "rule-broken"
    title = _("What was handed in does not keep a rule")


class TooMany(Refusal):
    """Too many attempts; `wait`: seconds until the next one is looked at."""

    status = 429
    code = "too-many"
    title = _("Too many attempts")

    def __init__(self, message: StrOrPromise = "", *, wait: int) -> None:
        super().__init__(message)
        self.wait = wait

    @property
    def minutes(self) -> int:
        """At least one, rounded up."""
        return -(-self.wait // 60)


class Unavailable(Refusal):
    """A part that is needed does not answer; the same request may succeed later."""

    status = 503
    code = "unavailable"
    title = _("A part of Senim does not answer at the moment")


class NoRoom(Refusal):
    """The disk is full: nothing was kept, and the same request may succeed once there is room."""

    status = 507
    code = "no-room"
    title = _("The disk of this installation is full")
