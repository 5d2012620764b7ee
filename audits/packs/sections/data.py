"""What the data were: datasets and periods with their digests and columns. No row of data is in a pack."""

from __future__ import annotations

from collections.abc import Iterator

from audits.packs.parts import Part
from audits.packs.subject import Subject
from monitoring.data.models import Dataset, Window
from monitoring.labels.models import Labels

ORDER = 50


def parts(subject: Subject) -> Iterator[Part]:
    yield from subject.rows("data-periods", Dataset, Window, Labels)
