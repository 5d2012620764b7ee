"""What monitoring has on record stays: the role that serves has no right to delete it, whatever the code asks."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection

from governance.people import isolation
from governance.people.acting import acting, viewing
from monitoring.data.models import Window
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, Measurement, Plan, Result, Run
from tests.factories import REGISTER
from tests.monitoring.loans import loans

pytestmark = [pytest.mark.django_db]

RECORDS = (Finding, Run, Result, Measurement, Window, Plan)


@pytest.fixture
def on_file(owner, preloaded) -> None:
    """A run that has answered, with its figures and what it found."""
    things = loans(owner, bare=True)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="fairness")
    [run] = runs.start(by=owner, model=things.model)
    runs.work(run.pk)


def there(owner) -> dict[str, int]:
    with viewing(owner):
        return {each.__name__: each.objects.count() for each in RECORDS}


def test_no_row_is_deleted_by_the_role_that_serves(owner, on_file):
    before = there(owner)
    assert all(before.values()), before
    for actor in (owner, REGISTER):
        for table in RECORDS:
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                acting(actor, "records.attacked"),
                connection.cursor() as cursor,
            ):
                cursor.execute(f'DELETE FROM "{table._meta.db_table}"')
    assert there(owner) == before


def test_the_register_s_own_words_cannot_do_it_either(owner, on_file):
    before = there(owner)
    with pytest.raises(ProgrammingError, match="permission denied"), acting(owner, "records.attacked"):
        Finding.objects.all()._raw_delete("default")
    assert there(owner) == before


def test_errands_outcomes_and_arrivals_are_records_too():
    assert set(isolation.records()) >= {
        f"monitoring_{name}"
        for name in (
            "recomputation",
            "explained",
            "evidentlyreport",
            "labels",
            "arrival",
            "declared",
            "dataset",
            "notapplicable",
            "refusedfile",
            "fetch",
        )
    }
