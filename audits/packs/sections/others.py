"""Tables of a model that no section before names: what a room adds is packed before anybody thinks of packs."""

from __future__ import annotations

from collections.abc import Iterator

from audits.packs.parts import Part
from audits.packs.rows import name_of, tables_of_a_model
from audits.packs.subject import Subject

ORDER = 90
FOLDERS = {"governance_": "register", "monitoring_": "monitoring", "audits_": "audits"}
OF_THE_PACKS = "audits_pack"
"""Orders of packs, this one among them, are about the audit and not about the model."""


def parts(subject: Subject) -> Iterator[Part]:
    for table in tables_of_a_model():
        name = name_of(table)
        if name not in subject.tables and name != OF_THE_PACKS:
            yield from subject.rows(_folder(name), table)


def _folder(name: str) -> str:
    return next((folder for start, folder in FOLDERS.items() if name.startswith(start)), "others")
