"""Whether what a committee was shown, or decided on, is still what stands on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.approvals import dossier
from governance.approvals.rules import Voided, voided
from governance.inventory.models import ModelVersion
from governance.risk.grades import current_grade

Ground = dict[str, str]


def grounds(decided: Mapping[str, Any], version: ModelVersion) -> list[Ground]:
    """What has changed since this manifest was put together: the written list, and a withdrawal. Empty = it stands.

    Each ground names its key, the id of what changed and, as subject, the title or the kind that a reader knows.
    """
    if version.model.withdrawn_at is not None:
        return [{"key": "model_withdrawn", "id": "", "subject": ""}]
    if version.withdrawn_at is not None:
        return [{"key": "version_withdrawn", "id": str(version.pk), "subject": version.label}]
    grade = current_grade(version.model)
    assert grade is not None  # a grade is superseded by another, never taken away
    return [_named(each, decided) for each in voided(decided, dossier.now(version, grade))]


def _named(ground: Voided, decided: Mapping[str, Any]) -> Ground:
    titles = {each["document_id"]: each["title"] for each in decided["cited_documents"]}
    kinds = {each["id"]: each["kind"] for each in decided["cited_evidence"]}
    subject = titles.get(ground.subject) or kinds.get(ground.subject) or ""
    return {"key": ground.key, "id": ground.subject, "subject": subject}
