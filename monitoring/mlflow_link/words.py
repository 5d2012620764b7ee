"""What the pages of this room say: every trouble with a server, and why a version has no artefact, with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise


class SignIn(models.TextChoices):
    NONE = "none", _("without a sign-in")
    TOKEN = "token", _("with a bearer token")
    PASSWORD = "password", _("with a user name and a password")


class Trouble(models.TextChoices):
    """Why a server could not be read."""

    REFUSED_ADDRESS = "refused_address", _("This address may not be connected to.")
    UNKNOWN_HOST = "unknown_host", _("No computer has this name: the address cannot be resolved.")
    NO_ANSWER = "no_answer", _("Nothing answers at this address.")
    TIMED_OUT = "timed_out", _("The server took too long to answer.")
    TLS = "tls", _("The server's certificate could not be verified.")
    BROKE_OFF = "broke_off", _("The server broke off in the middle of an answer.")
    REDIRECTED = "redirected", _("The server sends us on to another address, and we do not follow.")
    SIGN_IN_REFUSED = "sign_in_refused", _("The server does not accept the sign-in.")
    NOT_ALLOWED = "not_allowed", _("The server knows us, but gives this account no right to do this.")
    NOT_MLFLOW = "not_mlflow", _("Something answers at this address, but it does not speak as MLflow does.")
    SERVER_ERROR = "server_error", _("The server reports an error of its own.")
    TOO_MUCH = "too_much", _("The server's answer is larger than we accept.")
    MISSING = "missing", _("The server has no registered model with this name.")
    KEY_LOST = "key_lost", _("The stored sign-in can no longer be read. Register the server again.")
    NOT_RECORDED = "not_recorded", _("A version was found, but could not be recorded.")


NEXT_STEPS: Mapping[str, StrOrPromise] = {
    Trouble.REFUSED_ADDRESS: _("Give the address under which the server is known in your network."),
    Trouble.UNKNOWN_HOST: _("Look for a spelling mistake in the address, or ask who runs your name service."),
    Trouble.NO_ANSWER: _("See whether the server runs, and whether a firewall stands in between."),
    Trouble.TIMED_OUT: _("See whether the server is overloaded, and whether a firewall stands in between."),
    Trouble.TLS: _("Give the server a certificate that the computer of Senim trusts."),
    Trouble.BROKE_OFF: _("It is tried again by itself; tell who runs the server if it stays so."),
    Trouble.REDIRECTED: _("Give the address that it leads to, often the one that begins with https."),
    Trouble.SIGN_IN_REFUSED: _("Register the server again with a token or password that is valid."),
    Trouble.NOT_ALLOWED: _("Give the account the right to read models and to set tags."),
    Trouble.NOT_MLFLOW: _("Give the address of the server itself, without the path of a page."),
    Trouble.SERVER_ERROR: _("It is tried again by itself; tell who runs the server if it stays so."),
    Trouble.TOO_MUCH: _("Keep fewer or smaller files with the version."),
    Trouble.MISSING: _("Look for a spelling mistake, or end the link if the model was removed."),
    Trouble.NOT_RECORDED: _("Look whether the model was withdrawn; otherwise tell your administrator."),
}

NO_ARTEFACT: Mapping[str, StrOrPromise] = {
    "elsewhere": _("Its files are kept outside the server, so neither a copy nor a digest could be taken."),
    "no_description": _("Its files hold no readable description of a model."),
    "other_format": _(
        "It is kept in a format that Senim does not open (a pickle, for example). The digest of its files is recorded."
    ),
    "ships_code": _(
        "It brings its own program code, which Senim does not run. The digest of its files is recorded."
    ),
    "not_what_it_says": _(
        "Its file is not in the format that it names, or names no features. The digest of its files is recorded."
    ),
    "too_large": _("Its files are larger than we accept, so neither a copy nor a digest could be taken."),
}


def step(trouble: str) -> StrOrPromise:
    """What a person can do about it."""
    return NEXT_STEPS.get(trouble, "")
