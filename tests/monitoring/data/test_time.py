"""A column declared as time holds a day or a moment in every row; it says which period the data are of."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from governance.errors import OutOfOrder, RuleBroken
from governance.people.acting import viewing
from monitoring.data import queries
from monitoring.data import services as data
from monitoring.data.faults import Unreadable
from monitoring.data.intake import Intake, Limits, canonical
from monitoring.data.models import Dataset, Window
from tests.monitoring.loans import a_model


def taken(folder: Path, content: bytes) -> Intake:
    path = folder / "upload"
    path.write_bytes(content)
    return canonical(path, name="w.csv", limits=Limits(time="at"))


def refused(folder: Path, content: bytes) -> list[tuple[str, int | None]]:
    with pytest.raises(Unreadable) as unreadable:
        taken(folder, content)
    assert [path.name for path in folder.iterdir()] == ["upload"]
    return [(fault.rule, fault.row) for fault in unreadable.value.faults]


@pytest.mark.parametrize(
    ("rows", "span"),
    [
        ("2008-12-31\n2008-10-01", ("2008-10-01", "2008-12-31")),
        ("2008-10-01 23:59:59\n2008-10-02", ("2008-10-01", "2008-10-02")),
        ("2008-10-01T09:30\n2008-10-01T16:00:00.123456", ("2008-10-01", "2008-10-01")),
    ],
)
def test_days_and_moments_tell_the_span_of_the_period(
    tmp_path: Path, rows: str, span: tuple[str, str]
) -> None:
    found = taken(tmp_path, f"at\n{rows}\n".encode())

    assert (found.first, found.last) == span


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ("2008-10-01\n31.12.2008", [("not_time", 3)]),
        ("2008-10-01\n2008-02-30", [("not_time", 3)]),
        ("2008-10-01\n2008-10-01T10:00:00+05:00\n=1+1", [("not_time", 3), ("not_time", 4)]),
        ("20081001\n20081002", [("not_time", 2), ("not_time", 3)]),
        ("2008-10-01,1\n,2", [("time_missing", 3)]),
        ("0001-01-01\n2008-10-01", [("time_out_of_range", None)]),
        ("9999-12-31\n2008-10-01", [("time_out_of_range", None)]),
        ("<script>alert(1)</script>\n2008-10-01", [("not_time", 2)]),
    ],
)
def test_what_is_no_time_is_named_with_its_row(
    tmp_path: Path, rows: str, faults: list[tuple[str, int | None]]
) -> None:
    header = "at,n" if "," in rows else "at"
    assert refused(tmp_path, f"{header}\n{rows}\n".encode()) == faults


def parquet(folder: Path, values: pa.Array) -> bytes:
    pq.write_table(pa.table({"at": values}), folder / "made")
    content = (folder / "made").read_bytes()
    (folder / "made").unlink()
    return content


def test_parquet_holds_dates_or_moments_in_every_row(tmp_path: Path) -> None:
    moments = pa.array(["2008-10-01T12:00", "2008-12-31T00:00"]).cast(pa.timestamp("ms"))
    assert taken(tmp_path, parquet(tmp_path, moments)).last == "2008-12-31"
    (tmp_path / "upload").unlink()
    for path in tmp_path.iterdir():
        path.unlink()

    assert refused(tmp_path, parquet(tmp_path, pa.array(["2008-10-01"]))) == [("not_time", 1)]
    gap = pa.array([date(2008, 10, 1), None], pa.date32())
    assert refused(tmp_path, parquet(tmp_path, gap)) == [("time_missing", 2)]


def test_a_missing_column_of_the_time_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, b"x,y\n1,2\n") == [("missing_column", None)]


@pytest.fixture
def dated(owner) -> Dataset:
    return data.describe(
        by=owner, model=a_model(owner), name="Days", features=["x"], time="at", expected_every_days=92
    )


QUARTER = b"at,x\n2008-10-01,1\n2008-12-31,2\n"


def handed_in(by, dataset: Dataset, content: bytes = QUARTER, **said) -> Window:
    given = {"name": "2008 Q4", "part": "current", "file_name": "w.csv", **said}
    return data.add_window(by=by, dataset=dataset, file=BytesIO(content), **given)


@pytest.mark.django_db
def test_dates_that_nobody_said_are_read_from_the_rows(owner, dated):
    window = handed_in(owner, dated)
    assert (window.starts_on, window.ends_on) == (date(2008, 10, 1), date(2008, 12, 31))
    said = handed_in(owner, dated, name="said", starts_on=date(2008, 9, 30), ends_on=date(2009, 1, 1))
    assert (said.starts_on, said.ends_on) == (date(2008, 9, 30), date(2009, 1, 1))


@pytest.mark.django_db
def test_rows_outside_of_the_period_that_was_said_are_refused(owner, dated):
    with pytest.raises(RuleBroken) as outside:
        handed_in(owner, dated, starts_on=date(2008, 10, 2), ends_on=date(2008, 12, 30))
    assert [each.where for each in outside.value.problems] == ["starts_on", "ends_on"]
    with viewing(owner):
        assert not Window.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"time": "x"}, "time"),
        ({"expected_every_days": 0}, "expected_every_days"),
        ({"time": "t" * 121}, "time"),
    ],
)
def test_what_is_said_of_time_must_make_sense(owner, said, where):
    with pytest.raises(RuleBroken) as broken:
        data.describe(by=owner, model=a_model(owner), **{"name": "Days", "features": ["x"], **said})
    assert [each.where for each in broken.value.problems] == [where]


@pytest.mark.django_db
def test_a_correction_keeps_the_wrong_period_with_its_digest_and_reason(owner, dated):
    wrong = handed_in(owner, dated, QUARTER.replace(b",2", b",3"))
    right = data.correct_window(
        by=owner, window=wrong, reason=" wrong sheet ", file=BytesIO(QUARTER), file_name="w.csv"
    )
    with viewing(owner):
        wrong.refresh_from_db()
        assert [each.pk for each in Window.objects.standing()] == [right.pk]
    assert (right.name, right.part, right.corrects_id) == (wrong.name, wrong.part, wrong.pk)
    assert (wrong.withdrawn_reason, wrong.withdrawn_by_id) == ("wrong sheet", owner.user_id)
    assert right.sha256 != wrong.sha256
    with pytest.raises(OutOfOrder):
        data.correct_window(by=owner, window=wrong, reason="again", file=BytesIO(QUARTER), file_name="w.csv")


@pytest.mark.django_db
def test_the_correction_of_an_older_period_is_not_the_latest_one(owner, dated):
    older = handed_in(owner, dated, b"at,x\n2008-07-01,1\n", name="2008 Q3")
    latest = handed_in(owner, dated)
    right = data.correct_window(
        by=owner, window=older, reason="wrong", file=BytesIO(b"at,x\n2008-07-02,1\n"), file_name="w.csv"
    )
    with viewing(owner):
        [described] = queries.datasets_of(dated.model)
    assert described.counting == {latest.pk}
    assert [each.pk for each in described.windows] == [latest.pk, right.pk, older.pk]


@pytest.mark.django_db
def test_a_wrong_period_stands_until_the_right_one_is_taken_in(owner, dated):
    wrong = handed_in(owner, dated)
    for reason, content in (("wrong sheet", b"at,x\n2008-10-01,one\n"), ("  ", QUARTER)):
        with pytest.raises(RuleBroken):
            data.correct_window(
                by=owner, window=wrong, reason=reason, file=BytesIO(content), file_name="w.csv"
            )
    with viewing(owner):
        assert Window.objects.get() == wrong and Window.objects.standing().exists()
