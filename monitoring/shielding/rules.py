"""What rows of people and bank secrets need before they are taken in: pure, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from monitoring.shielding.columns import LegalBasis
from monitoring.shielding.pseudonyms import FORMS

LONGEST_REASON = 300
LONGEST_NAME = 120
MOST_DECLARED = 100
LIKE_A_KEY = re.compile(r"[0-9a-fA-F]{32}|[0-9A-Za-z+/_-]{40}")
"""Half a key of SHA-256 in hexadecimal digits, or nearly all of one in base64: no word is so long."""


class Answered(Protocol):
    """Two answers of a model's registration; None where nobody has answered."""

    @property
    def personal_data(self) -> bool | None: ...
    @property
    def restricted_data(self) -> bool | None: ...


@dataclass(frozen=True)
class Protection:
    """What is said of the rows of a dataset. looks_personal: columns that are taken in all the same, and why."""

    personal: bool
    bank_secret: bool
    protection_reason: str
    looks_personal: Mapping[str, str]

    def as_fields(self) -> dict[str, Any]:
        return asdict(self)


def proposed(model: Answered) -> dict[str, bool]:
    """What the model's answers say of its rows; where nobody has answered, the careful way."""
    return {"personal": model.personal_data is not False, "bank_secret": model.restricted_data is not False}


def problems_of_protection(said: Protection, model: Answered) -> Iterator[Problem]:
    """Rows need less protection than the model's answers say only for a reason."""
    careful = proposed(model)
    lower = (careful["personal"] and not said.personal) or (careful["bank_secret"] and not said.bank_secret)
    if lower and not said.protection_reason:
        yield Problem(
            "protection_reason", _("Say why the rows need less protection than the model's answers say.")
        )
    if len(said.protection_reason) > LONGEST_REASON:
        yield Problem("protection_reason", _("Say it in at most 300 characters."))
    yield from _problems_of_declared(said.looks_personal)


def _problems_of_declared(declared: Any) -> Iterator[Problem]:
    if not isinstance(declared, Mapping) or len(declared) > MOST_DECLARED:
        yield Problem("looks_personal", _("Name at most 100 columns, each with its reason."))
        return
    for column, reason in declared.items():
        named = isinstance(column, str) and 0 < len(column) <= LONGEST_NAME
        if not named or not isinstance(reason, str) or not 0 < len(reason.strip()) <= LONGEST_REASON:
            what = _("%(name)s: say in 1 to 300 characters why this column is taken in.")
            yield Problem("looks_personal", what % {"name": str(column)[:LONGEST_NAME]})


@dataclass(frozen=True)
class Pseudonymisation:
    """How identifiers are made, and who keeps what leads back from them to a case."""

    pseudonyms: str
    pseudonym_keeper: str

    def as_fields(self) -> dict[str, Any]:
        return asdict(self)


def problems_of_pseudonyms(said: Pseudonymisation) -> Iterator[Problem]:
    if said.pseudonyms not in FORMS:
        yield Problem("pseudonyms", _("Say how identifiers are made: hmac_sha256 or random_uuid."))
    if len(said.pseudonym_keeper) > LONGEST_REASON:
        yield Problem("pseudonym_keeper", _("Say it in at most 300 characters."))
    if LIKE_A_KEY.search(said.pseudonym_keeper):
        yield Problem(
            "pseudonym_keeper", _("This looks like the key itself. Say who keeps it, never the key.")
        )


@dataclass(frozen=True)
class Grounds:
    """Why rows may be here, and until when."""

    legal_basis: str = ""
    basis_text: str = ""
    keep_until: date | None = None

    @classmethod
    def of(cls, legal_basis: str, basis_text: str, keep_until: date | None) -> Grounds:
        return cls(legal_basis.strip(), basis_text.strip(), keep_until)

    def __bool__(self) -> bool:
        return bool(self.legal_basis or self.basis_text or self.keep_until)

    def as_fields(self) -> dict[str, Any]:
        return asdict(self)


NO_GROUNDS = Grounds()


def problems_of_grounds(grounds: Grounds, today: date, most_days: int, is_counted: bool) -> Iterator[Problem]:
    """is_counted: whether counts may be handed in instead; of a log they may not."""
    if grounds.legal_basis not in LegalBasis.values:
        instead = _("Rows need a legal basis. Without one, hand in counts.")
        yield Problem("legal_basis", instead if is_counted else _("The rows of a log need a legal basis."))
    if not grounds.basis_text:
        yield Problem("basis_text", _("Say the basis in words: which consent, contract or law."))
    elif len(grounds.basis_text) > LONGEST_REASON:
        yield Problem("basis_text", _("Say it in at most 300 characters."))
    yield from problems_of_date(grounds.keep_until, today, most_days)


def problems_of_date(keep_until: date | None, today: date, most_days: int) -> Iterator[Problem]:
    if keep_until is None:
        yield Problem("keep_until", _("Say on which day the rows are erased."))
    elif keep_until <= today:
        yield Problem("keep_until", _("The day on which the rows are erased must lie in the future."))
    elif keep_until > today + timedelta(days=most_days):
        what = _("Rows are kept for at most %(days)s days.") % {"days": most_days}
        yield Problem("keep_until", what)
