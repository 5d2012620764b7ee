"""What the pages of this room say: how a connection is encrypted, and every trouble with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Encryption(models.TextChoices):
    """As libpq calls it."""

    VERIFIED = "verify-full", _("encrypted, and the server's certificate is verified")
    UNVERIFIED = "require", _("encrypted, but anybody could answer in the server's place")
    OFF = "disable", _("not encrypted (never in production)")


class FetchStatus(models.TextChoices):
    DUE = "due", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Trouble(models.TextChoices):
    """Why nothing was fetched."""

    REFUSED_ADDRESS = "refused_address", _("This address may not be connected to.")
    UNKNOWN_HOST = "unknown_host", _("No computer has this name: the address cannot be resolved.")
    NO_ANSWER = "no_answer", _("Nothing answers at this address.")
    TIMED_OUT = "timed_out", _("The server took too long to answer.")
    TLS = "tls", _("The server's certificate could not be verified.")
    NO_TLS = "no_tls", _("The server does not encrypt.")
    BROKE_OFF = "broke_off", _("The server broke off in the middle of an answer.")
    SIGN_IN_REFUSED = "sign_in_refused", _("The server does not accept the sign-in.")
    NOT_ALLOWED = "not_allowed", _("The server knows us, but gives this account no right to do this.")
    NO_TABLE = "no_table", _("There is no table or view of this name.")
    NO_COLUMN = "no_column", _("One of the columns is not there.")
    WRONG_TYPE = "wrong_type", _("A column holds values that no check can read.")
    WRONG_PERIOD = "wrong_period", _("The column of the period holds no dates.")
    SERVER_ERROR = "server_error", _("The server reports an error of its own.")
    TOO_MUCH = "too_much", _("The server's answer is larger than we accept.")
    KEY_LOST = "key_lost", _("The stored sign-in can no longer be read. Register the server again.")
    REFUSED = "refused", _("Rows arrived, and they are no data period of this dataset.")
    NOT_TAKEN = "not_taken", _("Rows arrived, but the register does not take them in as it stands.")
    GAVE_UP = "gave_up", _("The worker died over it more than once.")


NOT_FETCHED = _(
    "Rows of this dataset are personal data or a bank secret. They are not fetched: count them where they lie,"
    " with senim count."
)
AGAIN = _("It is tried again by itself; tell who runs the server if it stays so.")
NEXT_STEPS: Mapping[str, StrOrPromise] = {
    Trouble.REFUSED_ADDRESS: _("Give the address under which the server is known in your network."),
    Trouble.UNKNOWN_HOST: _("Look for a spelling mistake in the address, or ask who runs your name service."),
    Trouble.NO_ANSWER: _("See whether the server runs, and whether a firewall stands in between."),
    Trouble.TIMED_OUT: _("See whether the server is overloaded, and whether a firewall stands in between."),
    Trouble.TLS: _("Register the server again with the certificate of the authority that signed its own."),
    Trouble.NO_TLS: _("Let who runs the server switch encryption on."),
    Trouble.BROKE_OFF: AGAIN,
    Trouble.SIGN_IN_REFUSED: _(
        "Register the server again with a database, a user and a password that are valid."
    ),
    Trouble.NOT_ALLOWED: _("Give the account the right to read this table or view, and no other."),
    Trouble.NO_TABLE: _("Look for a spelling mistake, also in the schema."),
    Trouble.NO_COLUMN: _("Look for a spelling mistake, or let a view give the columns these names."),
    Trouble.WRONG_TYPE: _("Let a view turn them into numbers, text, dates, or true and false."),
    Trouble.WRONG_PERIOD: _("Name a column of the type date or timestamp."),
    Trouble.SERVER_ERROR: AGAIN,
    Trouble.TOO_MUCH: _("Fetch a shorter period, or fewer columns."),
    Trouble.REFUSED: _("See which rows are broken, mend them at the source, and fetch again."),
    Trouble.NOT_TAKEN: _(
        "See whether the model was withdrawn or a data period of this name is already there."
    ),
    Trouble.GAVE_UP: _("Fetch a shorter period; tell your administrator if it stays so."),
}


@dataclass(frozen=True)
class Stated:
    """A trouble with what to do about it; without one, "" twice."""

    words: StrOrPromise = ""
    todo: StrOrPromise = ""


def stated(trouble: str) -> Stated:
    return Stated(Trouble(trouble).label, NEXT_STEPS.get(trouble, "")) if trouble else Stated()
