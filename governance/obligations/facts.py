"""From the rows of the register to the plain facts that the rules judge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.profile.queries import client_languages, gather, values_of
from governance.inventory.rows.queries import values_of as rows_beside
from governance.obligations.edition import vocabularies
from governance.obligations.models import Evidence, Occurrence
from governance.obligations.rules import EvidenceFact, Facts, Flags, Subject, filled, flags
from governance.risk.grades import Grade, grades_of

if TYPE_CHECKING:
    from governance.obligations.surroundings import Surroundings

AT_ONCE = 250
"""How many models are read, judged and written together."""

NOTHING: Mapping[str, str] = MappingProxyType({})

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
    """All that one model is judged by on one day. versions: those not withdrawn, the newest first.

    listed: what the rows of its registration say, by field.
    """

    model: AIModel
    grade: Grade | None
    flags: Flags
    organisation_flags: Flags
    versions: Sequence[ModelVersion]
    evidence: Sequence[EvidenceFact]
    as_of: date
    listed: Mapping[str, str] = field(default_factory=dict)

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
            filled=registration(self.model, self.grade, version, self.listed),
            languages=client_languages(self.model),
        )


def facts_of(model: AIModel, grade: Grade | None, *, licensed: bool, occurred: Iterable[str] = ()) -> Facts:
    """occurred: flags of the events that are on record for this model."""
    answers: dict[str, Any] = {name: getattr(model, name) for name in ANSWERS}
    answers |= dict.fromkeys(occurred, True)
    if grade is not None:
        answers |= {"risk_degree": grade.risk_degree, "autonomy_degree": grade.autonomy_degree}
    return Facts(**answers, licensed=licensed)


def model_flags(
    model: AIModel, grade: Grade | None, *, licensed: bool, occurred: Iterable[str] = ()
) -> Flags:
    return flags(facts_of(model, grade, licensed=licensed, occurred=occurred))


def registration(
    model: AIModel, grade: Grade | None, version: ModelVersion | None, listed: Mapping[str, str] = NOTHING
) -> dict[str, str]:
    """The registration fields that hold a value. The owner is named by id: a new name is the same person.

    listed: what the rows beside the model say, where the form has a field of the same name and it is empty.
    """
    values: dict[str, object] = {
        field.attname: getattr(model, field.attname) for field in model._meta.concrete_fields
    }
    values |= values_of(model)
    values |= {name: values.get(name) or text for name, text in listed.items()}
    values |= {"owner": model.owner_id, "version": version.label if version else ""}
    if grade is not None:
        values |= grade.values
    return filled(values, vocabularies()["registration_fields"])


def parts_of(models: QuerySet[AIModel]) -> Iterator[list[AIModel]]:
    """As many of them at a time as are held in memory without a second thought."""
    ids = list(models.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        yield list(AIModel.objects.filter(pk__in=ids[start : start + AT_ONCE]))


def flags_of(models: Collection[AIModel], *, licensed: bool) -> dict[UUID, Flags]:
    """By id of the model, in a fixed number of queries."""
    grades, occurred = grades_of(models), occurrences_of(models)
    return {
        model.pk: model_flags(
            model, grades.get(model.pk), licensed=licensed, occurred=occurred.get(model.pk, ())
        )
        for model in models
    }


def circumstances(models: Collection[AIModel], around: Surroundings, as_of: date) -> list[Circumstances]:
    """What stands on file for models of one organisation, in a fixed number of queries and in their order."""
    grades, occurred = grades_of(models), occurrences_of(models)
    versions, evidence = _versions_of(models), evidence_of(models)
    listed = rows_beside(models)
    gather(models)
    found = []
    for model in models:
        grade = grades.get(model.pk)
        flags = model_flags(model, grade, licensed=around.licensed, occurred=occurred.get(model.pk, ()))
        found.append(
            Circumstances(
                model=model,
                grade=grade,
                flags=flags,
                organisation_flags=around.organisation_flags(flags),
                versions=versions.get(model.pk, ()),
                evidence=[*evidence.get(model.pk, ()), *evidence.get(None, ())],
                as_of=as_of,
                listed=listed.get(model.pk, NOTHING),
            )
        )
    return found


def _versions_of(models: Collection[AIModel]) -> Mapping[UUID, list[ModelVersion]]:
    """Those not withdrawn, the newest first."""
    found: dict[UUID, list[ModelVersion]] = {}
    rows = ModelVersion.objects.filter(model__in=[model.pk for model in models], withdrawn_at=None)
    for version in rows.order_by("-created_at", "-pk"):
        found.setdefault(version.model_id, []).append(version)
    return found


def evidence_of(models: Collection[AIModel]) -> Mapping[UUID | None, list[EvidenceFact]]:
    """Standing evidence by model, that of their organisation under None; of each source only the newest, but every paper."""
    if not models:
        return {}
    [organisation_id] = {model.organisation_id for model in models}
    standing = Evidence.objects.standing().filter(
        Q(model__in=[model.pk for model in models]) | Q(model=None), organisation_id=organisation_id
    )
    newest = (
        standing.exclude(source=DOCUMENT)
        .order_by("model_id", "kind", "version_id", "source", "-taken_at", "-recorded_at")
        .distinct("model_id", "kind", "version_id", "source")
    )
    found: dict[UUID | None, list[EvidenceFact]] = {}
    for row in (*standing.filter(source=DOCUMENT), *newest):
        found.setdefault(row.model_id, []).append(fact(row))
    return found


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
        language=row.summary.get("language", ""),
    )


def occurrences_of(models: Iterable[AIModel]) -> Mapping[UUID, frozenset[str]]:
    """Which events are on record, by model."""
    found: dict[UUID, set[str]] = {}
    for model_id, flag in Occurrence.objects.filter(model__in=models).values_list("model_id", "flag"):
        found.setdefault(model_id, set()).add(flag)
    return {model_id: frozenset(flags) for model_id, flags in found.items()}


def _text(key: UUID | None) -> str | None:
    return str(key) if key else None
