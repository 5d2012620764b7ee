"""What lies outside one model and still decides what it owes: editions, adoptions, the rest of the organisation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.evidence import VERSIONED
from governance.obligations.facts import flags_of, parts_of
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.mapping.rules import mapping_digest
from governance.obligations.models import Adoption, DutySheet, Framework, Obligation
from governance.obligations.rules import (
    Flags,
    Requirement,
    organisation_flags,
    requirement_from,
    switched_on,
    when_from,
)
from governance.obligations.status import FIELD
from governance.people.models import Organisation

LICENSED = "licensed_participant"
"""The one flag of a model that its organisation sets."""

JUDGED_BY = "4"
"""Raise it when the rules judge differently: every sheet is then computed again."""


@dataclass(frozen=True, eq=False)
class Owed:
    """One requirement of an edition that is on, as a row and as the rules see it. mapping_digest: what is signed."""

    obligation: Obligation
    framework: Framework
    requirement: Requirement
    mapping_digest: str

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """Every flag that its answer may depend on while nothing is on file."""
        asked = self.requirement
        named = [*asked.when.flags, *(flag for group in asked.groups for flag in group.when.flags)]
        return tuple(dict.fromkeys([*named, "incident_occurred"] if asked.norm == "on_event" else named))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of evidence that can answer it, fields of the registration among them."""
        return frozenset(kind for group in self.requirement.groups for kind in group.any_of)

    @cached_property
    def fields(self) -> frozenset[str]:
        """Fields of the registration that can answer it."""
        return frozenset(kind.removeprefix(FIELD) for kind in self.kinds if kind.startswith(FIELD))

    @cached_property
    def speaks_of_a_version(self) -> bool:
        """Whether its answer can differ between two versions of one model."""
        asked = self.requirement
        per_release = asked.periodicity == "per_release" and asked.interval_is_law
        return per_release or any(kind.startswith(VERSIONED) for kind in self.kinds)


@dataclass(frozen=True)
class Surroundings:
    """frameworks: the edition in force of each; adopted: keys that the organisation follows of its own will.

    registered: flags of the organisation, which hold if they hold for one of its registered models. signed: key of a
    requirement and digest of its mapping, for each signature that nobody revoked.
    """

    licensed: bool
    registered: Flags
    frameworks: Sequence[Framework]
    adopted: frozenset[str]
    signed: frozenset[tuple[str, str]] = frozenset()

    def organisation_flags(self, own: Flags) -> Flags:
        """As a model sees them whose own flags these are: a draft as if it were registered too."""
        return organisation_flags([self.registered, own])

    def frameworks_on(self, own: Flags) -> list[Framework]:
        return [each for each in self.frameworks if self._is_on(each, own)]

    def _is_on(self, framework: Framework, own: Flags) -> bool:
        when = framework.head.get("default_on_when")
        return framework.key in self.adopted or switched_on(
            default_on=framework.default_on, default_on_when=when_from(when) if when else None, flags=own
        )

    def has_signed(self, owed: Owed) -> bool:
        """A lawyer signed this very mapping; another content of it lapses the signature by itself."""
        return (owed.obligation.key, owed.mapping_digest) in self.signed

    @cached_property
    def basis(self) -> str:
        """SHA-256 of all this: another value makes every sheet of the organisation out of date."""
        content = {
            "judged_by": JUDGED_BY,
            "editions": [[each.key, each.edition, each.sha256] for each in self.frameworks],
            "adopted": sorted(self.adopted),
            "signed": sorted(self.signed),
            "organisation": dict(self.registered),
            "licensed": self.licensed,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def surroundings(organisation_id: UUID) -> Surroundings:
    """As they are at this moment. Models whose sheet is up to date are not read for it: the sheet knows their flags."""
    organisation = Organisation.objects.get(pk=organisation_id)
    adopted = Adoption.objects.filter(organisation=organisation, ended_at=None)
    signed = MappingSignature.objects.standing().filter(organisation=organisation)
    return Surroundings(
        licensed=organisation.is_licensed,
        registered=_registered(organisation),
        frameworks=newest_editions(),
        adopted=frozenset(adopted.values_list("framework_key", flat=True)),
        signed=frozenset(signed.values_list("obligation_key", "mapping_digest")),
    )


BEHIND = Q(sheet=None) | ~Q(sheet__computed_at_revision=F("revision"))
"""Models of which something is on record that their sheet does not know."""


def _registered(organisation: Organisation) -> Flags:
    """Those that hold or are open; a flag that is not named is off."""
    registered = AIModel.objects.filter(organisation=organisation, status=Status.REGISTERED)
    found = _known(DutySheet.objects.filter(model__in=registered.exclude(BEHIND)))
    for some in parts_of(registered.filter(BEHIND)):
        found = organisation_flags([found, *flags_of(some, licensed=organisation.is_licensed).values()])
    if registered.exists():
        found = {**found, LICENSED: organisation.is_licensed}
    return {flag: value for flag, value in found.items() if value is not False}


def _known(sheets: models.QuerySet[DutySheet]) -> dict[str, bool | None]:
    """In one query: open is told before it holds, so that what holds for one model holds."""
    named = _named(sheets, "flags_open", holds=False).union(_named(sheets, "flags_on", holds=True))
    return {flag: holds or None for flag, holds in sorted(named)}


def _named(
    sheets: models.QuerySet[DutySheet], column: str, *, holds: bool
) -> models.QuerySet[DutySheet, tuple[str, bool]]:
    every = sheets.annotate(named=models.Func(column, function="unnest"), holds=models.Value(holds))
    return every.order_by().values_list("named", "holds")


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
    rows = (
        Obligation.objects.filter(framework_id=framework_id).select_related("framework").order_by("position")
    )
    return tuple(
        Owed(row, row.framework, requirement_from(row.facts), mapping_digest(row.facts)) for row in rows
    )
