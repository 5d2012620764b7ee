"""A pack tells the grade that was computed and what was set by hand in its place, as rows and in words."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from audits.packs.chapters import chapters
from audits.packs.gathered import gather
from audits.packs.subject import Subject
from governance.people.acting import viewing
from governance.risk import services as risk
from governance.risk.overriding import services as overriding
from tests.audits.packs.conftest import made, unpacked, verified
from tests.factories import REGISTER
from tests.governance.risk.given import mildest

pytestmark = pytest.mark.django_db


@pytest.fixture
def corrected(owner, validator, model):
    risk.assess(by=owner, model=model, answers=mildest())
    ends_on = timezone.localdate() + timedelta(days=30)
    overriding.override(
        by=validator, model=model, axis="risk", value="high", reason="Children use it.", ends_on=ends_on
    )
    return model


def test_its_rows_hold_both_and_it_verifies(corrected, owner, tmp_path):
    folder = unpacked(made(owner, corrected), tmp_path)
    [computed] = _rows(folder, "governance_riskassessment")
    [by_hand] = _rows(folder, "governance_override")

    assert (computed["risk_degree"], computed["edition"], len(computed["edition_sha256"])) == (
        "minimal",
        "kz-2026-2",
        64,
    )
    assert (by_hand["axis"], by_hand["computed"], by_hand["value"]) == ("risk", "minimal", "high")
    assert verified(folder).returncode == 0


def test_its_report_says_both_with_the_reason(corrected):
    with viewing(REGISTER):
        told = str(chapters(gather(Subject(corrected, timezone.now()))))

    assert "Degree of risk: high (set by hand; computed: minimal)" in told
    assert "Reason: Children use it." in told


def _rows(folder, table: str) -> list[dict]:
    [file] = folder.rglob(f"{table}.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()]
