"""The model's record as it stands, its grades and what was set by hand. The history of every answer is in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from audits.packs.parts import Part
from audits.packs.subject import Subject
from governance.inventory.models import AIModel
from governance.risk.models import RiskAssessment
from governance.risk.overriding.models import Override

ORDER = 10


def parts(subject: Subject) -> Iterator[Part]:
    yield from subject.rows("record", AIModel, RiskAssessment, Override)
