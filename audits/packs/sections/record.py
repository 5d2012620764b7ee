"""The model's record and profile as they stand, its grades and what was set by hand. Former answers are in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from audits.packs.parts import Part
from audits.packs.subject import Subject
from governance.inventory.models import AIModel
from governance.inventory.profile.models import TABLES
from governance.risk.models import RiskAssessment
from governance.risk.overriding.models import Override

ORDER = 10


def parts(subject: Subject) -> Iterator[Part]:
    yield from subject.rows("record", AIModel, *TABLES, RiskAssessment, Override)
