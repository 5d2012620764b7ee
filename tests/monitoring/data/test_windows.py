"""A data period is taken in whole, or refused with every row, column and rule named and nothing kept."""

from __future__ import annotations

import hashlib
from datetime import date
from io import BytesIO

import pytest
from django.utils import translation

from governance import store
from governance.errors import NotAllowed, OutOfOrder, RuleBroken, TooLarge
from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from tests.factories import join
from tests.monitoring.loans import a_dataset, a_model, a_window, csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(owner) -> Dataset:
    return data.describe(
        by=owner,
        model=a_model(owner),
        name="Small",
        features=["income", "region"],
        categorical=["region"],
        sensitive=["sex"],
    )


GOOD = b"income,region,sex\n1,north,f\n2,south,m\n"


def take_in(by, dataset, content: bytes, **said) -> Window:
    given = {"name": "w", "part": "current", "file_name": "w.csv", **said}
    return data.add_window(by=by, dataset=dataset, file=BytesIO(content), **given)


def files(home) -> list:
    return [path for path in home.rglob("*") if path.is_file()]


def test_a_window_is_canonical_parquet_known_by_its_digest(owner):
    dataset = a_dataset(owner, a_model(owner))
    window = a_window(owner, dataset, starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31))
    assert (window.rows, window.part, window.source_name) == (307, "current", "current.csv")
    assert window.source_sha256 == hashlib.sha256(csv("current").read()).hexdigest()
    content = store.read(owner.organisation_id, window.sha256)
    assert content[:4] == b"PAR1" and len(content) == window.size
    assert {column["name"] for column in window.columns} >= set(dataset.required_columns)


def test_the_upload_itself_is_not_kept(owner, small, home):
    window = take_in(owner, small, GOOD)
    assert [path.name for path in files(home)] == [window.sha256]


REFUSALS = {
    "a number": (b"income,region,sex\n1,n,f\nmuch,n,m\n", ["row 3, column income"], "“much” is not a number"),
    "a column": (b"income,region\n1,n\n", ["column sex"], "needs this column"),
    "a field count": (
        b"income,region,sex\n1,n,f\n1,n\n",
        ["row 3"],
        "The row has 2 values; the header names 3 columns",
    ),
    "a name twice": (b"income,region,sex,sex\n1,n,f,f\n", ["row 1, column sex"], "more than once"),
    "no rows": (b"income,region,sex\n", ["file"], "no rows of data"),
    "nothing": (b"", ["file"], "The file is empty"),
    "a quote": (b'income,region,sex\n1,"n,f\n2,n,m\n', ["row 2"], "never closed"),
    "a pickle": (b"\x80\x04\x95\x00\x00", ["row 1"], "never opened here"),
    "a spreadsheet": (b"PK\x03\x04" + b"0" * 100, ["row 1"], "spreadsheet"),
    "another encoding": ("income,region,sex\n1,Алматы,f\n".encode("cp1251"), ["row 2"], "not UTF-8"),
    "not parquet": (b"PAR1" + b"0" * 100, ["file"], "cannot be read as Parquet"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_names_row_column_and_rule_and_leaves_nothing(owner, small, home, case):
    content, where, what = REFUSALS[case]
    with translation.override("en"), pytest.raises(RuleBroken) as refused:
        take_in(owner, small, content)
    problems = refused.value.problems
    assert [str(each.where).partition(", byte")[0] for each in problems][: len(where)] == where
    assert what in str(problems[0].what)
    assert files(home) == []
    with viewing(owner):
        assert not Window.objects.exists()


def test_every_broken_row_is_named_not_only_the_first(owner, small):
    with translation.override("en"), pytest.raises(RuleBroken) as refused:
        take_in(owner, small, b"income,region,sex\nx,n,f\n1,n,f\ny,n,f\n")
    assert [str(each.where) for each in refused.value.problems] == [
        "row 2, column income",
        "row 4, column income",
    ]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 81}, "name"),
        ({"part": "future"}, "part"),
        ({"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)}, "ends_on"),
    ],
)
def test_what_is_said_of_a_window_must_make_sense(owner, small, home, said, where):
    with pytest.raises(RuleBroken) as refused:
        take_in(owner, small, GOOD, **said)
    assert [each.where for each in refused.value.problems] == [where]
    assert files(home) == []


def test_a_name_is_used_once(owner, small, home):
    take_in(owner, small, GOOD)
    with pytest.raises(RuleBroken):
        take_in(owner, small, GOOD.replace(b"1", b"9"))
    assert len(files(home)) == 1


def test_a_file_beyond_the_limit_is_refused(owner, small, home, settings):
    settings.SENIM_LARGEST_UPLOAD = 10
    with pytest.raises(TooLarge):
        take_in(owner, small, GOOD)
    assert files(home) == []


def test_only_the_owner_of_the_model_hands_in_and_withdraws(owner, bank, stranger, validator, small, home):
    window = take_in(owner, small, GOOD)
    colleague = join(bank, "model_owner", email="colleague@bank.example")
    for other in (validator, colleague, stranger):
        with pytest.raises((NotAllowed, small.model.DoesNotExist)):
            take_in(other, small, GOOD, name="other")
        with pytest.raises((NotAllowed, small.model.DoesNotExist)):
            data.withdraw_window(by=other, window=window, reason="wrong month")
    with viewing(owner):
        assert Window.objects.standing().count() == 1


def test_a_window_is_withdrawn_once_and_stays_on_file(owner, small, home):
    window = take_in(owner, small, GOOD)
    data.withdraw_window(by=owner, window=window, reason="wrong month")
    with pytest.raises(OutOfOrder):
        data.withdraw_window(by=owner, window=window, reason="wrong month")
    with viewing(owner):
        assert Window.objects.count() == 1 and not Window.objects.standing().exists()
    assert len(files(home)) == 1
