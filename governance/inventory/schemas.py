"""The shapes of the API: the answers of a model follow from the sections of the registration form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.db import models
from django.utils import translation
from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from governance.inventory import answers, queries
from governance.inventory.models import AIModel, ModelVersion, Revision
from governance.inventory.questions import Question
from governance.inventory.rows.queries import as_data
from governance.inventory.sections import questions

one_of: Any = Literal


def _shape(question: Question) -> Any:
    """The type of an answer. null: nobody has answered."""
    column = question.column
    if question.name == "owner":
        return UUID
    if question.is_yes_or_no:
        return bool if question.is_tick else bool | None
    if question.is_list:
        options = question.options
        return GenericAlias(list, one_of[tuple(options.values)] if options else str)
    if question.is_number:
        return Annotated[int, Field(ge=0)] | None
    if isinstance(column, models.DateField):
        return date | None
    if column.choices:
        return one_of[("", *(key for key, _words in column.flatchoices))]
    return Annotated[str, Field(max_length=column.max_length)] if column.max_length else str


def _fields() -> dict[str, Any]:
    with translation.override("en"):
        return {
            each.name: (
                _shape(each),
                Field(default=None, validate_default=False, description=_description(each)),
            )
            for each in questions()
        }


def _description(question: Question) -> str:
    label = str(question.label)
    ended = label if label.endswith((".", "?")) else f"{label}."
    return " ".join([ended, *_asked_where(question)])


def _asked_where(question: Question) -> Iterator[str]:
    for condition in question.when:
        pairs = (f"{name} is {' or '.join(map(str, wanted))}" for name, wanted in condition.any_of)
        yield f"Asked where {', or '.join(pairs)}."
    if question.degrees:
        yield f"Asked once the degree of risk is {' or '.join(question.degrees)}."


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


if TYPE_CHECKING:

    class Answers(Strict):
        """One optional field for each question."""
else:
    Answers = create_model("Answers", __base__=Strict, **_fields())


class ModelIn(Answers):
    """Answers of the registration form; a draft may leave all but the name open."""

    submit: bool = Field(default=False, description="Register at once; refused while anything is missing.")

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"submit"})


class VersionOut(Schema):
    id: UUID
    label: str
    artefact_format: str
    artefact_sha256: str
    features: list[str]
    decision_threshold: float | None
    registry: dict[str, Any] = Field(description="Facts copied from the registry that it came from.")
    digest: str
    created_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, version: ModelVersion) -> VersionOut:
        return cls.model_validate({name: getattr(version, name) for name in cls.model_fields})


class RevisionOut(Schema):
    id: UUID
    document: UUID
    number: int
    title: str
    kinds: list[str]
    file_name: str
    sha256: str
    size: int
    effective_on: date
    valid_until: date | None
    review: str = Field(
        description="It counts once a second person has accepted it: waiting, accepted or returned."
    )

    @classmethod
    def of(cls, revision: Revision) -> RevisionOut:
        return cls(
            id=revision.pk,
            document=revision.document_id,
            number=revision.number,
            title=revision.title,
            kinds=revision.kinds,
            file_name=revision.file_name,
            sha256=revision.sha256,
            size=revision.size,
            effective_on=revision.effective_on,
            valid_until=revision.valid_until,
            review=revision.review,
        )


class ModelOut(Schema):
    id: UUID
    number: str
    status: str
    acknowledgement: str = Field(description="Given at registration; empty for a draft.")
    answers: dict[str, Any] | None = Field(
        description="By the names of the questions. null: the log does not tell those of the day asked about."
    )
    missing: list[str] = Field(description="Questions that registration still waits for.")
    lists: dict[str, list[dict[str, Any]]] = Field(
        description="Rows by the name of their list; one that ended carries the instant."
    )
    focus_version: VersionOut | None

    @classmethod
    def of(cls, model: AIModel) -> ModelOut:
        return cls.stood(model, queries.focus_version(model))

    @classmethod
    def stood(cls, model: AIModel, focus: ModelVersion | None, *, is_known: bool = True) -> ModelOut:
        """is_known: whether the answers are those of the day that was asked about."""
        given = answers.of(model)
        return cls(
            id=model.pk,
            number=model.number,
            status=str(model.status),
            acknowledgement=model.acknowledgement,
            answers=given if is_known else None,
            missing=[question.name for question in answers.missing(given)] if is_known else [],
            lists=as_data(model),
            focus_version=VersionOut.of(focus) if focus else None,
        )
