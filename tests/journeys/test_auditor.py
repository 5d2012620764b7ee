"""An auditor visits for a day, takes the evidence pack of the mortgage model home and checks it without Senim."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from audits.models import LedgerEntry
from governance.demo.auditor import Visited, play
from governance.demo.cast import REGISTER
from governance.people.acting import viewing

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]


@pytest.fixture
def visited(senim) -> Visited:
    senim.tell("version 2 is allowed")
    return senim.play(play)


def test_the_pack_verifies_offline_and_one_flipped_bit_fails_it(visited: Visited):
    assert "ALL RIGHT: the pack is whole" in visited.said and "WRONG" not in visited.said
    assert "data/gaps.md was changed" in visited.said_of_a_flipped_byte
    assert visited.seal in visited.said


def test_the_pack_holds_the_whole_story(visited: Visited):
    with zipfile.ZipFile(io.BytesIO(visited.content)) as pack:
        names = {name.split("/", 1)[1] for name in pack.namelist()}
        root = pack.namelist()[0].split("/")[0]
        facts = json.loads(pack.read(f"{root}/data/pack.json"))
        said = pack.read(f"{root}/data/gaps.md").decode()
    assert {f"report.{language}.pdf" for language in ("kk", "ru", "en")} <= names
    assert {"data/ledger/entries.jsonl", "data/ledger/checkpoint.txt", "verify.py"} <= names
    assert facts["counts"]["governance_vote"] >= 2
    assert facts["counts"]["governance_decision"] >= 1
    assert facts["counts"]["monitoring_result"] >= 6
    assert facts["left_out"] == []
    assert "compliant" not in said.lower()


def test_the_visit_stands_in_the_ledger_from_the_invitation_to_the_end(senim, visited: Visited):
    with senim.database(), viewing(REGISTER):
        told = set(LedgerEntry.objects.values_list("action", flat=True))
    assert {"engagement.opened", "visit.opened", "pack.ordered", "pack.made", "engagement.ended"} <= told
