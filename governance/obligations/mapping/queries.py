"""Which mappings of the editions in force are signed, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from governance.obligations.mapping.models import MappingSignature
from governance.obligations.models import Framework
from governance.obligations.surroundings import Owed, newest_editions, owed

Standing = Mapping[tuple[str, str], MappingSignature]
"""Key of the requirement and digest of its mapping → the signature that holds."""


@dataclass(frozen=True)
class Mapped:
    """One requirement of an edition in force. signature: the one that holds, or None."""

    owed: Owed
    signature: MappingSignature | None


@dataclass(frozen=True)
class Shelf:
    """One framework with its mappings in the order of the text."""

    framework: Framework
    mapped: Sequence[Mapped]

    @property
    def number_signed(self) -> int:
        return sum(each.signature is not None for each in self.mapped)

    @property
    def open(self) -> list[Mapped]:
        return [each for each in self.mapped if each.signature is None]


def standing_of(organisation_id: UUID) -> Standing:
    """One query, however many there are."""
    rows = MappingSignature.objects.standing().filter(organisation_id=organisation_id)
    return {(row.obligation_key, row.mapping_digest): row for row in rows.select_related("signed_by")}


def shelves(organisation_id: UUID) -> list[Shelf]:
    """Every framework in its edition in force, those that bind in Kazakhstan first."""
    standing = standing_of(organisation_id)
    frameworks = sorted(
        newest_editions(),
        key=lambda each: (not each.head.get("binding_in_kz"), not each.default_on, each.key),
    )
    return [Shelf(each, _mapped(each, standing)) for each in frameworks]


def shelf(organisation_id: UUID, framework_key: str) -> Shelf | None:
    """One of them, or None where no edition of such a framework is in force."""
    framework = next((each for each in newest_editions() if each.key == framework_key), None)
    return Shelf(framework, _mapped(framework, standing_of(organisation_id))) if framework else None


def _mapped(framework: Framework, standing: Standing) -> list[Mapped]:
    return [
        Mapped(each, standing.get((each.obligation.key, each.mapping_digest))) for each in owed([framework])
    ]


def lapsed_of(organisation_id: UUID, framework_key: str) -> list[MappingSignature]:
    """Signatures of the framework that do not hold any more: revoked, or the mapping has changed since."""
    now = {(each.obligation.key, each.mapping_digest) for each in owed(newest_editions())}
    rows = MappingSignature.objects.filter(organisation_id=organisation_id, framework_key=framework_key)
    return [
        row
        for row in rows.select_related("signed_by")
        if row.revoked_at is not None or (row.obligation_key, row.mapping_digest) not in now
    ]
