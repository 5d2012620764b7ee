"""The shape of a model's profile under NIST AI RMF, as the API and the download give it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema


class Titles(Schema):
    kk: str
    ru: str
    en: str


class EvidenceOut(Schema):
    """One piece that the status rests on, for better or worse."""

    kind: str = Field(description='As in the catalogue: "document:model_card", "check:fairness", "approval".')
    verdict: str
    digest: str = Field(description="SHA-256 of what it is.")
    taken_on: date


class ConclusionOut(Schema):
    """What a named person of the second line concluded last."""

    verdict: str = Field(description="met, not_met or not_applicable")
    by: str
    at: datetime
    reason: str
    stands: bool = Field(description="False: the evidence has changed since.")


class Subcategory(Schema):
    id: str = Field(description='As NIST numbers it: "GOVERN 1.1".')
    key: str
    title: Titles
    evidence_status: str = Field(
        description="Computed; it says what is on file, not that an outcome is reached."
    )
    evidence: list[EvidenceOut]
    conclusion: ConclusionOut | None
    note: list[str] = Field(description="Why the status is what it is, in English.")


class Category(Schema):
    id: str
    title: Titles
    subcategories: list[Subcategory]


class Function(Schema):
    id: str = Field(description="GOVERN, MAP, MEASURE or MANAGE")
    title: Titles
    categories: list[Category]


class ModelNamed(Schema):
    id: UUID
    number: str
    name: str
    organisation: Titles
    version: str = Field(
        description='The version that is judged: the newest not withdrawn; "" = there is none.'
    )


class FrameworkNamed(Schema):
    key: str
    edition: str
    title: Titles


class Profile(Schema):
    """Outcomes of NIST AI RMF 1.0 with the evidence on file for one model."""

    statement: str
    framework: FrameworkNamed
    read_on: date
    computed_at: datetime
    is_current: bool = Field(
        description="False: something changed since, and the statuses are being computed again."
    )
    model: ModelNamed
    functions: list[Function]
