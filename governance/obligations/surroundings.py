"""What lies outside one model and still decides what it owes: editions, adoptions, the rest of the organisation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.utils import timezone

from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.facts import model_flags, occurrences_of
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.mapping.rules import mapping_digest
from governance.obligations.models import Adoption, Framework, Obligation
from governance.obligations.rules import (
    Flags,
    Requirement,
    organisation_flags,
    requirement_from,
    switched_on,
    when_from,
)
from governance.people.models import Organisation
from governance.risk.grades import grades_of

JUDGED_BY = "2"
"""Raise it when the rules judge differently: every sheet is then computed again."""


@dataclass(frozen=True)
class Owed:
    """One requirement of an edition that is on, as a row and as the rules see it. mapping_digest: what is signed."""

    obligation: Obligation
    framework: Framework
    requirement: Requirement
    mapping_digest: str


@dataclass(frozen=True)
class Surroundings:
    """frameworks: the edition in force of each; adopted: keys that the organisation follows of its own will.

    signed: key of a requirement and digest of its mapping, for each signature that nobody revoked.
    """

    licensed: bool
    models: Sequence[AIModel]
    flags: Mapping[UUID, Flags]
    frameworks: Sequence[Framework]
    adopted: frozenset[str]
    signed: frozenset[tuple[str, str]] = frozenset()

    def organisation_flags(self, model: AIModel) -> Flags:
        """Those of the registered models; a draft sees them as if it were registered too."""
        counted = [each.pk for each in self.models if each.is_registered or each.pk == model.pk]
        return organisation_flags([self.flags[key] for key in counted])

    def frameworks_on(self, model: AIModel) -> list[Framework]:
        return [each for each in self.frameworks if self._is_on(each, self.flags[model.pk])]

    def _is_on(self, framework: Framework, flags: Flags) -> bool:
        when = framework.head.get("default_on_when")
        return framework.key in self.adopted or switched_on(
            default_on=framework.default_on, default_on_when=when_from(when) if when else None, flags=flags
        )

    def has_signed(self, owed: Owed) -> bool:
        """A lawyer signed this very mapping; another content of it lapses the signature by itself."""
        return (owed.obligation.key, owed.mapping_digest) in self.signed

    def basis(self, model: AIModel) -> str:
        """SHA-256 of all this as far as it bears on the model: another value makes its sheet out of date."""
        frameworks = self.frameworks_on(model)
        content = {
            "judged_by": JUDGED_BY,
            "editions": [[each.key, each.edition, each.sha256] for each in frameworks],
            "signed": [each.obligation.key for each in owed(frameworks) if self.has_signed(each)],
            "organisation": dict(self.organisation_flags(model)),
            "licensed": self.licensed,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def surroundings(organisation_id: UUID) -> Surroundings:
    """Read them in a fixed number of queries, however many models there are."""
    organisation = Organisation.objects.get(pk=organisation_id)
    models = list(AIModel.objects.filter(organisation=organisation).exclude(status=Status.WITHDRAWN))
    grades, occurred = grades_of(models), occurrences_of(models)
    adopted = Adoption.objects.filter(organisation=organisation, ended_at=None)
    signed = MappingSignature.objects.standing().filter(organisation=organisation)
    return Surroundings(
        licensed=organisation.is_licensed,
        models=models,
        flags={
            model.pk: model_flags(
                model,
                grades.get(model.pk),
                licensed=organisation.is_licensed,
                occurred=occurred.get(model.pk, ()),
            )
            for model in models
        },
        frameworks=newest_editions(),
        adopted=frozenset(adopted.values_list("framework_key", flat=True)),
        signed=frozenset(signed.values_list("obligation_key", "mapping_digest")),
    )


def newest_editions() -> list[Framework]:
    """The edition in force of each framework: the latest whose own day has come. The former stay on record.

    Where that of none has come, the first of them decides: a framework is never without an edition.
    """
    today = timezone.localdate().isoformat()
    latest: dict[str, Framework] = {}
    for framework in Framework.objects.order_by("key", "edition"):
        if framework.key not in latest or framework.edition <= today:
            latest[framework.key] = framework
    return list(latest.values())


def owed(frameworks: Sequence[Framework]) -> list[Owed]:
    return [each for framework in frameworks for each in _of_edition(framework.pk)]


@lru_cache(maxsize=128)
def _of_edition(framework_id: UUID) -> tuple[Owed, ...]:
    """An edition never changes once it is loaded, and it belongs to nobody: each process reads it once."""
    rows = Obligation.objects.filter(framework_id=framework_id).select_related("framework")
    return tuple(
        Owed(row, row.framework, requirement_from(row.facts), mapping_digest(row.facts)) for row in rows
    )
