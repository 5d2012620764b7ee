"""Versions, each with the exact content that its digest covers. The model files themselves stay with their owner."""

from __future__ import annotations

from collections.abc import Iterator

from audits.packs.parts import Part, Piece
from audits.packs.subject import Subject
from governance.inventory.digests import canonical
from governance.inventory.filling import content
from governance.inventory.models import ModelVersion

ORDER = 20


def parts(subject: Subject) -> Iterator[Part]:
    yield from subject.rows("versions", ModelVersion)
    for version in subject.stood(ModelVersion.objects.filter(model=subject.model).order_by("id")):
        yield Piece(f"versions/{version.digest}.json", [canonical(content(version))])
