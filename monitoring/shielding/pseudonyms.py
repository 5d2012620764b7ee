"""How the identifiers of protected rows are made at the firm, and how they have to look when they come. Pure, without Django.

Only the form can be judged from here; that nobody can lead a number back to its case is for the firm to see to.
"""

from __future__ import annotations

from dataclasses import dataclass

HMAC, UUID = "hmac_sha256", "random_uuid"


@dataclass(frozen=True)
class Form:
    """pattern: of the whole text, for `re` and for Arrow alike; rule: what is broken by another text."""

    pattern: str
    rule: str


FORMS = {
    HMAC: Form(r"^[0-9a-fA-F]{64}$", "identifier_not_hashed"),
    UUID: Form(
        r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
        "identifier_not_random",
    ),
}
