"""What the model inherits: papers and trainings of its organisation on which its requirements stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audits.packs.parts import Part, Stored, as_json
from audits.packs.sections.documents import safe
from audits.packs.subject import Subject
from governance.obligations.facts import DOCUMENT
from governance.obligations.house.models import HousePaper, HouseRevision, Training
from governance.obligations.models import Duty, Evidence
from governance.obligations.past.queries import as_of

ORDER = 45
FOLDER = "organisation"


def parts(subject: Subject) -> Iterator[Part]:
    evidence = _inherited(subject)
    yield from subject.inherited(FOLDER, Evidence, [row.pk for row in evidence])
    revisions = _revisions([row for row in evidence if row.source == DOCUMENT])
    yield from subject.inherited(FOLDER, HousePaper, [each.paper_id for each in revisions])
    yield from subject.inherited(FOLDER, HouseRevision, [each.pk for each in revisions])
    yield from subject.inherited(FOLDER, Training, [row.source_id for row in evidence])
    places = {}
    for number, revision in enumerate(revisions, start=1):
        path = f"{FOLDER}/files/{number:02d}-r{revision.number}-{safe(revision.file_name)}"
        places[str(revision.pk)] = path
        yield Stored(path, revision.sha256)
    yield as_json(f"{FOLDER}/files.json", places)


def _inherited(subject: Subject) -> list[Evidence]:
    """Evidence of the organisation that a duty of the model names, or named on the day of the pack."""
    named = {key for duty in _duties(subject) for key in duty.evidence_ids}
    rows = Evidence.objects.filter(organisation_id=subject.model.organisation_id, model=None)
    return [row for row in rows.order_by("id") if str(row.pk) in named]


def _duties(subject: Subject) -> Iterable[Duty]:
    if subject.day is None:
        return Duty.objects.filter(model=subject.model, obligation__level="organisation")
    lines = as_of(subject.model, subject.day.day).lines
    return [line.duty for line in lines if line.obligation.level == "organisation"]


def _revisions(evidence: list[Evidence]) -> list[HouseRevision]:
    rows = HouseRevision.objects.filter(pk__in={row.source_id for row in evidence})
    return list(rows.order_by("paper_id", "number"))
