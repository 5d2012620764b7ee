"""From the rows of the register to the plain facts that the rules judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.profile.queries import values_of
from governance.obligations.edition import vocabularies
from governance.obligations.models import Evidence, Occurrence
from governance.obligations.rules import EvidenceFact, Facts, Flags, Subject, filled, flags
from governance.risk.grades import Grade, current_grade

DOCUMENT = "document"
"""The source of evidence that was pulled from the papers of a model."""

ANSWERS = tuple(
    field.name
    for field in fields(Facts)
    if field.name in {column.name for column in AIModel._meta.get_fields()}
)
"""The facts that the registration form asks for under the same name."""


@dataclass(frozen=True)
class Circumstances:
    """All that one model is judged by on one day. versions: those not withdrawn, the newest first."""

    model: AIModel
    grade: Grade | None
    flags: Flags
    organisation_flags: Flags
    versions: Sequence[ModelVersion]
    evidence: Sequence[EvidenceFact]
    as_of: date

    @property
    def focus(self) -> ModelVersion | None:
        """The version that the model's page speaks of."""
        return self.versions[0] if self.versions else None

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of which anything is on file."""
        return frozenset(fact.kind for fact in self.evidence)

    def subject(self, version: ModelVersion | None) -> Subject:
        return Subject(
            model_id=str(self.model.pk),
            version_id=str(version.pk) if version else None,
            version_since=timezone.localdate(version.created_at) if version else None,
            filled=registration(self.model, self.grade, version),
        )


def model_flags(
    model: AIModel, grade: Grade | None, *, licensed: bool, occurred: Iterable[str] = ()
) -> Flags:
    """occurred: flags of the events that are on record for this model."""
    answers: dict[str, Any] = {name: getattr(model, name) for name in ANSWERS}
    answers |= dict.fromkeys(occurred, True)
    if grade is not None:
        answers |= {"risk_degree": grade.risk_degree, "autonomy_degree": grade.autonomy_degree}
    return flags(Facts(**answers, licensed=licensed))


def registration(model: AIModel, grade: Grade | None, version: ModelVersion | None) -> dict[str, str]:
    """The registration fields that hold a value. The owner is named by id: a new name is the same person."""
    values: dict[str, object] = {
        field.attname: getattr(model, field.attname) for field in model._meta.concrete_fields
    }
    values |= values_of(model)
    values |= {"owner": model.owner_id, "version": version.label if version else ""}
    if grade is not None:
        values |= grade.values
    return filled(values, vocabularies()["registration_fields"])


def circumstances(model: AIModel, *, organisation_flags: Flags, licensed: bool, as_of: date) -> Circumstances:
    """Read what stands on file for one model, in a fixed number of queries."""
    grade = current_grade(model)
    versions = ModelVersion.objects.filter(model=model, withdrawn_at=None).order_by("-created_at", "-pk")
    return Circumstances(
        model=model,
        grade=grade,
        flags=model_flags(
            model, grade, licensed=licensed, occurred=occurrences_of([model]).get(model.pk, ())
        ),
        organisation_flags=organisation_flags,
        versions=list(versions),
        evidence=evidence_of(model),
        as_of=as_of,
    )


def evidence_of(model: AIModel) -> list[EvidenceFact]:
    """Standing evidence of the model and of its organisation; of each source only the newest, but every paper."""
    standing = Evidence.objects.standing().filter(organisation_id=model.organisation_id)
    found: list[Evidence] = []
    for owned in (standing.filter(model=model), standing.filter(model=None)):
        found += owned.filter(source=DOCUMENT)
        found += (
            owned.exclude(source=DOCUMENT)
            .order_by("kind", "version_id", "source", "-taken_at", "-recorded_at")
            .distinct("kind", "version_id", "source")
        )
    return [fact(row) for row in found]


def fact(row: Evidence) -> EvidenceFact:
    series = f"{DOCUMENT}:{row.source_id}" if row.source == DOCUMENT else row.source
    return EvidenceFact(
        id=str(row.pk),
        kind=row.kind,
        verdict=row.verdict,  # type: ignore[arg-type]  # the choices of the column are the verdicts of the rules
        taken_at=timezone.localtime(row.taken_at),
        model_id=_text(row.model_id),
        version_id=_text(row.version_id),
        series=series,
        digest=row.digest,
        valid_until=row.valid_until,
        revoked_at=timezone.localtime(row.revoked_at) if row.revoked_at else None,
        in_use=bool(row.summary.get("in_use")),
    )


def occurrences_of(models: Iterable[AIModel]) -> Mapping[UUID, frozenset[str]]:
    """Which events are on record, by model."""
    found: dict[UUID, set[str]] = {}
    for model_id, flag in Occurrence.objects.filter(model__in=models).values_list("model_id", "flag"):
        found.setdefault(model_id, set()).add(flag)
    return {model_id: frozenset(flags) for model_id, flags in found.items()}


def _text(key: UUID | None) -> str | None:
    return str(key) if key else None
