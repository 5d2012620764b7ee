"""The same record gives the same bytes; what the store has lost is named; a big file is never held."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime

import pytest
from django.conf import settings

from audits.packs.making import making
from governance import store
from governance.inventory import services as inventory
from governance.inventory.models import Revision
from governance.people.acting import viewing
from tests.audits.packs.conftest import add_document, made, unpacked, verified
from tests.factories import REGISTER

AS_OF = datetime(2036, 11, 22, 12, 0, 0, 500, tzinfo=UTC)
MEBIBYTE = 1024 * 1024


def packed(model) -> bytes:
    with viewing(REGISTER), making(model, AS_OF) as pack:
        return pack.place.read_bytes()


def test_the_same_record_gives_the_same_bytes_and_a_new_fact_gives_others(model, owner):
    before = packed(model)
    assert packed(model) == before

    inventory.edit(by=owner, model=model, fields={"limitations": "Not for companies."})
    assert packed(model) != before


def test_a_file_that_the_store_has_lost_is_named_and_the_rest_is_packed(model, owner, tmp_path):
    with viewing(REGISTER):
        revision = Revision.objects.get(model=model)
    store.path(revision.organisation_id, revision.sha256).write_bytes(b"rotten")

    folder = unpacked(made(owner, model), tmp_path / "unpacked")

    ran = verified(folder)
    assert ran.returncode == 0
    assert "card.md was damaged or missing in the register" in ran.stdout
    assert "card.md: the register's own file is missing or damaged." in (folder / "data/gaps.md").read_text()


def test_a_hostile_name_stays_inside_the_pack(model, owner, tmp_path):
    title = "#panic(1) <script>alert(1)</script> $x$"
    add_document(owner, model, "../../../../тәуекел #1.md", b"# x\n", title)

    folder = unpacked(made(owner, model), tmp_path / "unpacked")

    assert verified(folder).returncode == 0
    assert (folder / "data/documents/files/02-r1-тәуекел_1.md").read_bytes() == b"# x\n"
    assert (folder / "report.kk.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_a_big_record_is_not_held_in_memory(model, owner):
    add_document(owner, model, "study.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 4 * 23 * 1024, "Study")
    tracemalloc.start()
    with viewing(REGISTER), making(model, AS_OF):
        _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 12 * MEBIBYTE
    assert not any((settings.SENIM_HOME / "tmp").iterdir())
