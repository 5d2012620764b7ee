"""Documents with every revision, and the files themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audits.packs.parts import Part, Stored, as_json
from audits.packs.subject import Subject
from governance.inventory.models import Document, Revision

ORDER = 30
UNSAFE = re.compile(r"[^\w.-]+")
LONGEST_NAME = 80


def parts(subject: Subject) -> Iterator[Part]:
    yield from subject.rows("documents", Document, Revision)
    revisions = Revision.objects.filter(model=subject.model).select_related("document")
    places = {}
    numbers: dict[object, int] = {}
    for revision in subject.stood(revisions.order_by("document__created_at", "document_id", "number")):
        number = numbers.setdefault(revision.document_id, len(numbers) + 1)
        path = f"documents/files/{number:02d}-r{revision.number}-{safe(revision.file_name)}"
        places[str(revision.pk)] = path
        yield Stored(path, revision.sha256)
    yield as_json("documents/files.json", places)


def safe(name: str) -> str:
    """A file name that any system accepts and that leads nowhere else; its ending is kept."""
    cleaned = UNSAFE.sub("_", name).strip("._") or "file"
    stem, dot, ending = cleaned.rpartition(".")
    return cleaned if len(cleaned) <= LONGEST_NAME else f"{stem[: LONGEST_NAME - 12]}{dot}{ending[:10]}"
