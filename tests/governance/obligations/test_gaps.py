"""The gaps leave the register as a table: every gap of the reader's models and no other, and no name in it is ever run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import translation

from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.matrix.gaps import STATUSES
from governance.obligations.matrix.inert import inert, is_live
from governance.obligations.models import Duty
from governance.obligations.waiving import services as waiving
from governance.obligations.words import STATUSES as WORDS
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.things import a_model, a_paper, a_run, a_version, graded, yesterday

pytestmark = pytest.mark.django_db

GAP = "kz-art15-2-3-documentation"
HOSTILE = '=HYPERLINK("http://evil.example","x")'
SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture
def model(bank, owner, validator) -> AIModel:
    model = a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    graded(owner, model, "high", "medium")
    a_run(model, a_version(owner, model, "1.0"), "check:fairness", "failed")
    a_paper(owner, model, "risk_register")
    obligations.catch_up(bank.pk)
    return model


@pytest.fixture
def accepted(bank, validator, model) -> None:
    terms = waiving.Terms(
        reason="It comes in March.",
        plan="A person reads each answer.",
        responsible_id=model.owner_id,
        ends_on=yesterday(-30).date(),
    )
    waiving.waive(by=validator, model=model, obligation_key=GAP, terms=terms)
    obligations.catch_up(bank.pk)


def exported(client, actor, ending="csv", **parameters):
    return sign_in(client, actor).get(reverse(f"obligations:gaps-{ending}"), parameters)


def as_rows(response) -> list[dict[str, str]]:
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def sheets(content: bytes) -> dict[str, list[list[str]]]:
    """Name of a sheet → its rows, read from the XML; only inline strings are known here."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [each.get("name") for each in tree(archive, "xl/workbook.xml").iterfind(".//x:sheet", SPACE)]
        return {
            name: [
                [cell.findtext(".//x:t", "", SPACE) for cell in row.iterfind("x:c", SPACE)]
                for row in tree(archive, f"xl/worksheets/sheet{at}.xml").iterfind(".//x:row", SPACE)
            ]
            for at, name in enumerate(names, start=1)
        }


def tree(archive: zipfile.ZipFile, path: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(path))


def test_every_gap_and_nothing_but_gaps_is_in_it(client, owner, model, accepted):
    rows = as_rows(exported(client, owner))

    with viewing(owner):
        gaps = list(Duty.objects.filter(status__in=STATUSES).values_list("obligation__ref", "status"))
    assert sorted((row["Reference"], row["Status"]) for row in rows) == sorted(
        (ref, str(WORDS[status])) for ref, status in gaps
    )
    assert {"failing", "evidence missing", "accepted gap"} <= {row["Status"] for row in rows}


def test_a_gap_says_whose_it_is_what_is_missing_why_and_until_when(client, owner, model, accepted):
    rows = as_rows(exported(client, owner))
    gap = next(row for row in rows if row["Status"] == "accepted gap")

    assert gap["Organisation"] == "First Bank" and (gap["Number"], gap["Model"]) == ("M-0001", "Model M-0001")
    assert gap["Framework"].startswith("Law of the Republic") and gap["Edition"] == "2026-11-22"
    assert gap["What is missing"] and "The gap is accepted until" in gap["Why"] and "Missing: " in gap["Why"]
    assert gap["Conclusion"] == "nobody yet"
    failing = next(row for row in rows if row["Status"] == "failing")
    assert "Failed on " in failing["Why"]


def test_what_is_due_soon_names_its_day(client, bank, owner, model):
    a_paper(owner, model, "legal_register")
    a_run(model, None, "approval", "on_file", source="approvals", valid_until=yesterday(-10).date())
    obligations.catch_up(bank.pk)

    soon = [row for row in as_rows(exported(client, owner)) if row["Status"] == "due soon"]
    assert soon and {row["Until"] for row in soon} == {yesterday(-10).date().isoformat()}


def test_the_file_is_a_download_with_a_byte_order_mark(client, owner, model):
    answer = exported(client, owner)

    assert (
        answer["Content-Type"] == "text/csv; charset=utf-8" and answer["X-Content-Type-Options"] == "nosniff"
    )
    assert re.fullmatch(r'attachment; filename="gaps-\d{4}-\d\d-\d\d\.csv"', answer["Content-Disposition"])
    assert answer.getvalue().startswith(b"\xef\xbb\xbf")


def test_it_speaks_the_language_of_its_reader(client, owner, model):
    sign_in(client, owner)
    client.cookies["django_language"] = "ru"
    with translation.override("ru"):
        answer = client.get(reverse("obligations:gaps-csv"))

    [law, *_guidance] = dict.fromkeys(list(row.values())[3] for row in as_rows(answer))
    assert law == "Закон Республики Казахстан «Об искусственном интеллекте»"


@pytest.mark.parametrize(
    "name",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "   =1", "\u00a0=1", "\u200b=1", "\ufeff=1",
        "＝1", "＋1", "－1", "＠A1", "﹦1", "−1", " ＝1", "\x00=1", "\x1f=1", HOSTILE,
    ],
)  # fmt: skip
def test_what_a_spreadsheet_could_run_is_made_inert(name):
    assert is_live(name) and inert(name) == f"'{name}"


@pytest.mark.parametrize("name", ["Scoring", "1 = 1", "a@b", "«Скоринг»", "", "'=1", "2026-11-28", "– none"])
def test_what_is_only_text_stays_as_it_is(name):
    assert not is_live(name) and inert(name) == name


def test_a_hostile_name_of_a_model_ends_up_inert(client, owner, model):
    with acting(owner, "model.edited"):
        AIModel.objects.filter(pk=model.pk).update(name=HOSTILE)

    raw = exported(client, owner).getvalue().decode("utf-8-sig")
    assert {row["Model"] for row in csv.DictReader(io.StringIO(raw))} == {f"'{HOSTILE}"}
    assert all(field.startswith('"') for field in raw.splitlines())
    workbook = exported(client, owner, "xlsx").getvalue()
    [gaps, *_about] = sheets(workbook).values()
    assert {row[2] for row in gaps[1:]} == {HOSTILE}
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml and "<f " not in xml and set(re.findall(r' t="(\w+)"', xml)) == {"inlineStr"}


def test_the_workbook_holds_the_same_rows_and_says_what_it_is(client, owner, model):
    answer = exported(client, owner, "xlsx")
    found = sheets(answer.getvalue())
    flat = as_rows(exported(client, owner))

    assert list(found) == ["Gaps", "About this file"]
    head, *rows = found["Gaps"]
    assert [dict(zip(head, row, strict=True)) for row in rows] == flat
    about = dict(found["About this file"][1:])
    assert "not a legal opinion" in about["What this is"] and about["Registered models"] == "1"
    assert about["IOSCO guidance on AI in capital markets"] == "Edition 2026-11-22"
    assert "spreadsheetml" in answer["Content-Type"] and ".xlsx" in answer["Content-Disposition"]


def test_the_choice_of_the_page_narrows_the_file_down(client, bank, owner, model):
    a_model(owner, number="M-0002")
    obligations.catch_up(bank.pk)

    assert {row["Number"] for row in as_rows(exported(client, owner))} == {"M-0001", "M-0002"}
    narrowed = as_rows(exported(client, owner, words="M-0002", framework="iosco"))
    assert {row["Number"] for row in narrowed} == {"M-0002"} and len(
        {row["Framework"] for row in narrowed}
    ) == 1


def test_a_stranger_and_a_reader_of_nothing_get_an_empty_table(client, stranger, model):
    assert as_rows(exported(client, stranger)) == []
    assert len(sheets(exported(client, stranger, "xlsx").getvalue())["Gaps"]) == 1


def test_a_supervisor_gets_the_gaps_of_every_participant(client, supervisor, broker, stranger, model):
    a_model(stranger, number="M-0009")
    obligations.catch_up(broker.pk)

    rows = as_rows(exported(client, supervisor))
    assert {row["Organisation"] for row in rows} == {"First Bank", "Second Broker"}
    names = [row["Organisation"] for row in rows]
    assert names == sorted(names)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_choice_that_cannot_be_read_gives_no_file(client, owner, model, ending):
    answer = exported(client, owner, ending, organisation="x")

    assert answer.status_code == 422 and "Content-Disposition" not in answer


def test_a_sheet_that_is_behind_is_said_to_be_so_in_its_rows(client, owner, model):
    a_paper(owner, model, "model_card")

    assert all(row["Computed at"].endswith(", being computed") for row in as_rows(exported(client, owner)))


@pytest.mark.parametrize("more", [0, 2])
def test_the_file_costs_the_same_for_one_model_and_for_three(
    client, bank, owner, model, more, django_assert_num_queries
):
    for n in range(more):
        a_model(owner, number=f"M-100{n}")
    obligations.catch_up(bank.pk)
    sign_in(client, owner)
    with viewing(REGISTER):
        assert Duty.objects.filter(status__in=STATUSES).exists()
    with django_assert_num_queries(15):
        client.get(reverse("obligations:gaps-csv"))
