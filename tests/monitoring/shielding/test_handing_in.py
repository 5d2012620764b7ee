"""Rows of people and bank secrets come in on a stated basis, hashed, until a date; counts need none of it."""

from __future__ import annotations

import io
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone, translation

from governance import store
from governance.errors import RuleBroken
from governance.people.acting import acting, viewing
from monitoring.counting.documents import canonical
from monitoring.counting.making import document
from monitoring.data import receiving
from monitoring.data import services as data
from monitoring.data.models import Window
from tests.monitoring.loans import a_model, a_version
from tests.monitoring.shielding.rows import csv, grounds, hand_in, protected

pytestmark = pytest.mark.django_db


def refused(owner, dataset, content=None, **said) -> list[tuple[str, str]]:
    """Where and what, and that nothing was written."""
    with translation.override("en"), pytest.raises(RuleBroken) as refusal:
        hand_in(owner, dataset, content, **said)
    with viewing(owner):
        assert not Window.objects.exists()
    return [(str(each.where), str(each.what)) for each in refusal.value.problems]


def columns_of(window: Window) -> list[str]:
    return [column["name"] for column in window.columns]


def test_rows_of_people_need_a_basis_its_words_and_a_date(owner, home):
    problems = refused(owner, protected(owner))
    assert [where for where, _what in problems] == ["legal_basis", "basis_text", "keep_until"]
    assert "hand in counts" in problems[0][1]
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("said", "where", "what"),
    [
        ({"legal_basis": "because"}, "legal_basis", "need a legal basis"),
        ({"basis_text": " "}, "basis_text", "in words"),
        ({"basis_text": "x" * 301}, "basis_text", "at most 300"),
        ({"keep_until": None}, "keep_until", "on which day"),
        ({"keep_until": timezone.localdate()}, "keep_until", "in the future"),
        ({"keep_until": timezone.localdate() + timedelta(days=1827)}, "keep_until", "at most 1826 days"),
    ],
)
def test_each_part_of_the_grounds_is_judged(owner, said, where, what):
    [(found, told)] = refused(owner, protected(owner), **{**grounds(), **said})
    assert found == where and what in told


def test_the_longest_time_is_a_setting(owner, settings):
    settings.SENIM_KEEP_ROWS_AT_MOST = 10
    [(where, what)] = refused(owner, protected(owner), **grounds(days=11))
    assert where == "keep_until" and "at most 10 days" in what


def test_a_bank_secret_is_protected_like_personal_data(owner):
    dataset = protected(owner, personal=False, bank_secret=True)
    assert len(refused(owner, dataset)) == 3
    assert hand_in(owner, dataset, **grounds()).legal_basis == "consent"


def test_with_grounds_and_hashes_the_rows_come_in(owner):
    window = hand_in(owner, protected(owner), **grounds())
    assert (window.rows, window.basis_text) == (200, "Consent to scoring, form 7")
    assert window.keep_until == timezone.localdate() + timedelta(days=30)


def test_an_identifier_that_is_not_hashed_is_named_with_its_row(owner):
    raw = csv().replace(csv().splitlines()[3].split(b",")[0], b"case-3")
    [(where, what)] = refused(owner, protected(owner), raw, **grounds())
    assert where == "row 4, column case" and "not hashed" in what and "case-3" not in what


@pytest.mark.parametrize("values", [[1, 2, 3], ["a" * 64, None, "b" * 64], ["a" * 63, "a" * 64, "a" * 64]])
def test_a_number_a_gap_and_a_short_hash_are_no_hashed_identifier(owner, values):
    table = pa.table({"case": values, "income": [1, 2, 3], "sex": ["f"] * 3, "decision": [1, 0, 1]})
    file = io.BytesIO()
    pq.write_table(table, file)
    problems = refused(owner, protected(owner), file.getvalue(), file_name="r.parquet", **grounds())
    raw = [at for at, value in enumerate(values, 1) if len(str(value)) != 64]
    assert [where for where, _what in problems] == [f"row {at}, column case" for at in raw]


def test_counts_need_no_grounds_and_keep_none(owner, tmp_path):
    dataset = protected(owner)
    (tmp_path / "rows.csv").write_bytes(csv())
    with viewing(owner):
        plan = receiving.plan_of_counts(dataset)
    counts = canonical(document(tmp_path / "rows.csv", plan))
    window = hand_in(owner, dataset, counts, file_name="counts.json", **grounds())
    assert (window.made_of, window.rows, window.legal_basis, window.keep_until) == ("counts", 200, "", None)


def test_rows_that_are_nothing_of_the_kind_need_nothing(owner):
    dataset = protected(owner, personal=False)
    window = hand_in(owner, dataset, csv().replace(csv().splitlines()[1].split(b",")[0], b"7"))
    assert (window.legal_basis, window.keep_until) == ("", None)


def test_a_correction_keeps_the_grounds_of_the_wrong_one(owner):
    wrong = hand_in(owner, protected(owner), **grounds())
    said = {"reason": "wrong month", "file": io.BytesIO(csv(150)), "file_name": "rows.csv"}
    right = data.correct_window(by=owner, window=wrong, **said)
    assert (right.legal_basis, right.keep_until) == (wrong.legal_basis, wrong.keep_until)


# --- what looks personal, and what nobody reads


@pytest.mark.parametrize(
    ("column", "text", "what"),
    [
        ("contact", "p{n}@mail.kz", "e-mail addresses"),
        ("фамилия", "Омаров", "names of people"),
        ("tel", "+7701555{n:04}", "telephone numbers"),
    ],
)
def test_a_column_that_looks_personal_is_refused_by_its_name(owner, home, column, text, what):
    names = iter(["Омаров", "Ким", "Әбенова"] * 100)
    content = csv(**{column: text})
    if text == "Омаров":
        content = b"\n".join(
            line.replace("Омаров".encode(), next(names).encode()) for line in content.splitlines()
        )
    [(where, told)] = refused(owner, protected(owner), content, **grounds())
    assert where == f"column {column}" and what in told and "“Protection of the rows”" in told
    assert not [path for path in home.rglob("*") if path.is_file()]


def test_it_is_refused_in_parquet_and_where_rows_are_not_protected_as_well(owner):
    mails = [f"p{n}@mail.kz" for n in range(20)]
    table = pa.table({"income": range(20), "sex": ["f", "m"] * 10, "decision": [0, 1] * 10, "note": mails})
    file = io.BytesIO()
    pq.write_table(table, file)
    dataset = protected(owner, personal=False, identifier="")
    [(where, _what)] = refused(owner, dataset, file.getvalue(), file_name="rows.parquet")
    assert where == "column note"


def test_a_declared_column_is_taken_in(owner):
    dataset = protected(
        owner, features=["income", "contact"], categorical=["contact"], looks_personal={"contact": "desks"}
    )
    window = hand_in(owner, dataset, csv(contact="desk{n}@bank.kz"), **grounds())
    assert "contact" in columns_of(window)


def test_what_has_no_role_is_not_stored(owner):
    window = hand_in(owner, protected(owner), csv(branch="no. {n}", remark="seen {n}"), **grounds())
    assert columns_of(window) == ["case", "income", "sex", "decision"]
    stored = store.path(owner.organisation_id, window.sha256)
    assert pq.read_schema(stored).names == ["case", "income", "sex", "decision"]


def test_what_an_artefact_of_the_model_reads_is_stored(owner):
    model = a_model(owner)
    a_version(owner, model)
    dataset = protected(owner, model=model, personal=False)
    window = hand_in(owner, dataset, csv(hrat="{n}", branch="no. {n}"))
    assert columns_of(window) == ["case", "income", "sex", "decision", "hrat"]


# --- what a dataset says of its rows


def test_where_nobody_has_answered_the_careful_way_is_proposed(owner):
    model = a_model(owner)
    with acting(owner, "model.edited"):
        model.personal_data = model.restricted_data = None
        model.save(update_fields=["personal_data", "restricted_data"])
    dataset = data.describe(by=owner, model=model, name="Unsaid", features=["income"])
    assert (dataset.personal, dataset.bank_secret, dataset.is_protected) == (True, True, True)


def test_less_than_the_models_answers_say_needs_a_reason(owner):
    model = a_model(owner)
    with acting(owner, "model.edited"):
        model.personal_data = True
        model.save(update_fields=["personal_data"])
    with pytest.raises(RuleBroken) as refusal:
        protected(owner, model=model, personal=False)
    assert [each.where for each in refusal.value.problems] == ["protection_reason"]
    assert not protected(owner, model=model, personal=False, protection_reason="Sums by branch").is_protected


def test_a_declared_column_needs_its_reason(owner):
    with pytest.raises(RuleBroken) as refusal:
        protected(owner, looks_personal={"contact": " "})
    assert [each.where for each in refusal.value.problems] == ["looks_personal"]
