"""What a committee decides on, and what makes its decision void later: a written list and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from governance.approvals.canonical import sha256
from governance.risk.rules import is_raised


@dataclass(frozen=True)
class Manifest:
    """The content put before the committee.

    documents: id of a document → SHA-256 of the revision cited. grade: risk_degree, autonomy_degree, tier.
    evidence: id of a piece of evidence → its digest. editions: framework → edition of the catalogue.
    """

    version: str
    artefact_sha256: str
    documents: Mapping[str, str]
    grade: Mapping[str, Any]
    evidence: Mapping[str, str]
    editions: Mapping[str, str]

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Manifest:
        return cls(**{name: raw[name] for name in cls.__dataclass_fields__})

    def as_dict(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "artefact_sha256": self.artefact_sha256,
            "documents": dict(sorted(self.documents.items())),
            "grade": dict(sorted(self.grade.items())),
            "evidence": dict(sorted(self.evidence.items())),
            "editions": dict(sorted(self.editions.items())),
        }

    @property
    def sha256(self) -> str:
        return sha256(self.as_dict())


@dataclass(frozen=True)
class Voided:
    """One ground. subject: the document, the piece of evidence, or nothing."""

    key: str
    subject: str = ""

    def as_dict(self) -> dict[str, str]:
        return {"key": self.key, "subject": self.subject}


def voided(decided: Mapping[str, Any] | Manifest, now: Mapping[str, Any] | Manifest) -> tuple[Voided, ...]:
    """Grounds on which a permission is void: artefact changed, cited document superseded, grade raised,
    evidence revoked. Empty = it stands.

    now holds the current revision of every document and the evidence that is not revoked. A nightly run adds
    evidence and a new edition of the catalogue changes `editions`: neither voids, new failures deny through duties.
    """
    before, after = _manifest(decided), _manifest(now)
    return tuple(_grounds(before, after))


def _grounds(before: Manifest, after: Manifest) -> Iterator[Voided]:
    if (before.version, before.artefact_sha256) != (after.version, after.artefact_sha256):
        yield Voided("artefact_changed")
    for document, cited in sorted(before.documents.items()):
        if after.documents.get(document) != cited:
            yield Voided("document_superseded", document)
    if is_raised(before.grade, after.grade):
        yield Voided("grade_raised")
    for evidence in sorted(before.evidence.keys() - after.evidence.keys()):
        yield Voided("evidence_revoked", evidence)


def _manifest(value: Mapping[str, Any] | Manifest) -> Manifest:
    return value if isinstance(value, Manifest) else Manifest.from_dict(value)
