"""A pack says of each finding who deals with it, until when, and in which incident."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from audits.packs import decided
from audits.packs.gathered import gather
from audits.packs.subject import Subject
from governance.people.acting import acting, viewing
from monitoring.runs.models import Finding
from tests.audits.packs.conftest import made, unpacked, verified
from tests.factories import REGISTER


def found(model, **said) -> None:
    with acting(REGISTER, "test.arranged"):
        Finding.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            kind="window_missing",
            key=f"missing {len(said)}",
            severity="amber",
            summary={"expected_on": "2026-11-01", "missing": 1},
            **said,
        )


def test_who_deals_with_a_finding_is_said_among_the_gaps_and_in_the_report(model, owner, tmp_path):
    found(model, owner_id=owner.user_id, due_on=date(2036, 12, 5))
    found(model)

    folder = unpacked(made(owner, model), tmp_path)

    assert verified(folder).returncode == 0
    gaps = (folder / "data/gaps.md").read_text()
    for said in ("(owner, 05.12.2036 күніне дейін)", "(owner, до 05.12.2036)", "(owner, until 5 Dec 2036)"):
        assert said in gaps
    assert "()" not in gaps
    with viewing(REGISTER):
        [_title, table] = list(decided.incidents(gather(Subject(model, timezone.now()))))
    assert sorted(row[4]["text"] for row in table["rows"]) == ["owner, until 5 Dec 2036", "–"]
