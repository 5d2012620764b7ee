"""The table in the documentation is the catalogue's own word on what answers what."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from governance.obligations.evidence_table import ids_by_way, latest
from tests.governance.obligations.made_up import a_catalogue, an_edition, an_entry
from tests.ground import CHECKOUT


def answered(*groups: list[str]) -> list[dict[str, list[str]]]:
    return [{"any_of": kinds} for kinds in groups]


def test_the_committed_table_is_what_the_command_prints():
    printed = StringIO()
    call_command("evidence_table", stdout=printed)

    assert (CHECKOUT / "docs/evidence-table.md").read_text() == printed.getvalue()


def test_every_entry_of_the_catalogue_stands_in_the_table_once():
    for edition in latest():
        names = [name for each in ids_by_way(edition).values() for name in each]
        assert sorted(names) == sorted(entry.id for entry in edition.entries)


@pytest.mark.parametrize(
    ("groups", "way"),
    [
        (answered(["check:drift"], ["approval"]), "machine"),
        (answered(["document:model_card"], ["registration_field:vendor"]), "document"),
        (answered(["document:model_card", "check:drift"]), "both"),
        (answered(["document:model_card"], ["check:drift"]), "both"),
        (answered(["registration_field:vendor"], ["human_oversight_log"]), "register"),
        ([], "nothing"),
    ],
)
def test_an_entry_is_counted_by_all_that_can_answer_it(groups, way, tmp_path):
    folder = a_catalogue(tmp_path, an_edition(an_entry(answered_by=groups)))

    [edition] = latest(folder)
    assert [key for key, names in ids_by_way(edition).items() if names] == [way]


def test_only_the_latest_edition_of_a_framework_is_counted(tmp_path):
    later = an_edition(an_entry(), an_entry("made-up-2"), edition="2026-11-25")

    [edition] = latest(a_catalogue(tmp_path, an_edition(), later))
    assert len(edition.entries) == 2
