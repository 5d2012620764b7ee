"""Outcomes join their data period by the number of the case: whole, or with every row named that does not fit."""

from __future__ import annotations

from io import BytesIO

import pyarrow.parquet as pq
import pytest

from governance import store
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.data.models import Window
from monitoring.data.refused import FileRefused
from monitoring.labels import queries
from monitoring.labels import services as labels
from monitoring.labels.models import Labels
from tests.factories import join
from tests.monitoring.labels.cases import Book, a_book, drawn, hand_in, outcomes, period

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(owner) -> Book:
    return a_book(owner, rows=20)


def refused(owner, window, content: bytes) -> list[tuple[str, str]]:
    with viewing(owner):
        before = Labels.objects.count()
    with pytest.raises(RuleBroken) as refusal:
        hand_in(owner, window, content)
    with viewing(owner):
        assert Labels.objects.count() == before
    return [(each.where, str(each.what)) for each in refusal.value.problems]


def test_outcomes_are_a_file_of_their_own_and_the_data_period_stays_as_it_is(owner, book):
    before = (book.current.sha256, store.read(owner.organisation_id, book.current.sha256))

    taken = hand_in(owner, book.current, outcomes(book.cases[:12]))

    assert (taken.number, taken.fresh, taken.labelled) == (1, 12, 12)
    table = pq.read_table(store.path(owner.organisation_id, taken.sha256))
    assert table.column_names == ["case", "label", "known_on"]
    assert dict(zip(*[table.column(at).to_pylist() for at in (0, 1)], strict=True)) == {
        case: outcome for case, _, _, outcome in book.cases[:12]
    }
    with viewing(owner):
        now = Window.objects.get(pk=book.current.pk)
        known = queries.known(Window.objects.select_related("dataset").get(pk=now.pk))
    assert (now.sha256, store.read(owner.organisation_id, now.sha256)) == before
    assert (known.labelled, known.rows, known.share) == (12, 20, 0.6)


def test_a_later_file_adds_what_became_known_since_and_may_repeat_the_rest(owner, book):
    first = hand_in(owner, book.current, outcomes(book.cases[:12]))
    second = hand_in(owner, book.current, outcomes(book.cases[8:]))

    assert (second.number, second.fresh, second.labelled) == (2, 8, 20)
    assert pq.read_table(store.path(owner.organisation_id, first.sha256)).num_rows == 12
    assert pq.read_table(store.path(owner.organisation_id, second.sha256)).num_rows == 20
    assert refused(owner, book.current, outcomes(book.cases).read()) == [
        ("file", "Every outcome in this file is known already.")
    ]


def test_each_row_that_does_not_fit_is_named_and_nothing_is_taken_in(owner, book):
    case, _, _, outcome = book.cases[0]
    hand_in(owner, book.current, outcomes(book.cases[:1]))
    other = book.cases[1][0]
    content = f"id,repaid\n{case},{1 - outcome}\n{other},1\n{other},1\nL-99999,0\n,1\n{book.cases[2][0]},\n"

    assert refused(owner, book.current, content.encode()) == [
        (
            "row 2, column repaid",
            f"The outcome of the case {case} is known as {outcome} already; the file says {1 - outcome}.",
        ),
        ("row 4, column id", f"The case {other} stands in the file more than once."),
        ("row 5, column id", "The data period has no case L-99999."),
        ("row 6, column id", "There is no number of the case here."),
        (
            "row 7, column repaid",
            "There is no outcome here. Hand in only the cases whose outcome is known.",
        ),
    ]


def test_of_many_wrong_rows_twenty_are_shown_a_thousand_named_and_all_counted(owner, book):
    content = "id,repaid\n" + "".join(f"X-{n},1\n" for n in range(1500)) + ",1\n"
    with pytest.raises(FileRefused) as refusal:
        hand_in(owner, book.current, content.encode())
    assert str(refusal.value) == "The outcomes were not taken in."
    assert len(refusal.value.problems) == 20 and len(refusal.value.told.faults) == 1000
    assert refusal.value.told.counts == {"case_missing": 1, "case_unknown": 1500}


def test_a_data_period_that_came_with_some_outcomes_keeps_them(owner, book):
    cases = drawn(4, first=5001, seed=9)
    rows = [
        f"{case},{score},{sex},{'' if at else outcome}"
        for at, (case, score, sex, outcome) in enumerate(cases)
    ]
    file = BytesIO(("id,score,sex,repaid\n" + "\n".join(rows)).encode())
    window = data.add_window(
        by=owner, dataset=book.dataset, name="half", part="current", file=file, file_name="half.csv"
    )
    taken = hand_in(owner, window, outcomes(cases[:3]))
    assert (taken.fresh, taken.labelled) == (2, 3)


def test_words_are_no_outcomes_where_numbers_are_known(owner, book):
    hand_in(owner, book.current, outcomes(book.cases[:1]))
    content = f"id,repaid\n{book.cases[1][0]},yes\n".encode()
    assert refused(owner, book.current, content) == [
        (
            "column repaid",
            "The outcomes here are text where those known already are numbers, or the other way round.",
        )
    ]


def test_a_file_without_the_columns_is_refused_by_their_names(owner, book):
    told = refused(owner, book.current, b"case,outcome\nL-01001,1\n")
    assert [where for where, _ in told] == ["column id", "column repaid"]


def test_cases_that_are_not_told_apart_can_get_no_outcome(owner, book):
    case = drawn(1, first=1, seed=3)
    window = data.add_window(
        by=owner,
        dataset=book.dataset,
        name="twice",
        part="current",
        file=period(case * 2, labelled=False),
        file_name="twice.csv",
    )
    [(where, what)] = refused(owner, window, outcomes(case).read())
    assert where == "column id" and "several rows have the same number of the case (L-00001)" in what


def test_a_reference_is_handed_in_with_its_outcomes(owner, book):
    assert refused(owner, book.reference, b"id,repaid\nL-00001,1\n") == [
        ("window", "A reference is handed in with its outcomes.")
    ]


def test_a_dataset_that_tells_no_cases_apart_has_no_later_outcomes(owner, book):
    dataset = data.describe(by=owner, model=book.model, name="Bare", features=["x"], label="y")
    window = data.add_window(
        by=owner, dataset=dataset, name="w", part="current", file=BytesIO(b"x,y\n1,\n2,\n"), file_name="w.csv"
    )
    assert refused(owner, window, b"id,y\n1,1\n") == [
        ("dataset", "The dataset names no column that identifies a row.")
    ]


def test_only_the_latest_outcomes_are_withdrawn_and_those_before_count_again(owner, book):
    first = hand_in(owner, book.current, outcomes(book.cases[:12]))
    second = hand_in(owner, book.current, outcomes(book.cases[12:]))
    with pytest.raises(OutOfOrder):
        labels.withdraw(by=owner, labels=first, reason="wrong")
    with pytest.raises(RuleBroken):
        labels.withdraw(by=owner, labels=second, reason=" ")

    labels.withdraw(by=owner, labels=second, reason="of another product")

    with viewing(owner):
        assert queries.newest([book.current.pk])[book.current.pk].pk == first.pk
        assert Labels.objects.get(pk=second.pk).withdrawn_reason == "of another product"
    third = hand_in(owner, book.current, outcomes(book.cases[12:14]))
    assert (third.number, third.labelled) == (3, 14)


def test_who_may_not_hand_in_data_may_not_hand_in_outcomes(owner, book, bank):
    colleague = join(bank, "validator", email="validator@bank.example")
    with pytest.raises(NotAllowed):
        hand_in(colleague, book.current, outcomes(book.cases))
    taken = hand_in(owner, book.current, outcomes(book.cases))
    with pytest.raises(NotAllowed):
        labels.withdraw(by=colleague, labels=taken, reason="no")
    with viewing(owner):
        assert Labels.objects.standing().count() == 1
