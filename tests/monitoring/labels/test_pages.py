"""The page and the API of outcomes: what is known, what came when, and every row that does not fit."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.people import services as people
from governance.people.acting import viewing
from monitoring.labels.models import Labels
from monitoring.refusals.models import RefusedFile
from tests.factories import join, sign_in
from tests.monitoring.labels.cases import Book, a_book, hand_in, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(owner) -> Book:
    return a_book(owner, rows=20)


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("outcomes.csv", content)


def test_the_page_says_first_that_nothing_is_known_and_takes_outcomes_in(client, owner, book):
    sign_in(client, owner)
    page = f"/windows/{book.current.pk}/labels/"
    empty = client.get(page).content.decode()
    assert "No outcomes came later" in empty and "Columns that must be there: id, repaid." in empty
    assert page in client.get(f"/models/{book.model.pk}/data/").content.decode()

    answer = client.post(page, {"file": upload(outcomes(book.cases[:12]).read())})

    assert (answer.status_code, answer.url) == (302, page)
    told = client.get(page).content.decode()
    assert "The outcomes of 12 rows became known." in told and "12 / 20 (0.600)" in told
    with viewing(owner):
        assert Labels.objects.get().sha256[:16] in told


def test_rows_that_do_not_fit_are_named_on_the_page(client, owner, book):
    sign_in(client, owner)
    answer = client.post(f"/windows/{book.current.pk}/labels/", {"file": upload(b"id,repaid\nX-1,1\n")})
    assert answer.status_code == 422
    assert "The data period has no case X-1." in answer.content.decode()
    with viewing(owner):
        assert not Labels.objects.exists()


def test_the_page_and_the_api_lead_to_all_rows_that_do_not_fit(client, administrator, owner, book, bank):
    content = b"id,repaid\n" + b"".join(b"X-%d,1\n" % n for n in range(50))
    sign_in(client, owner)
    page = client.post(f"/windows/{book.current.pk}/labels/", {"file": upload(content)}).content.decode()
    with viewing(owner):
        way = f"/refused/{RefusedFile.objects.get().pk}/broken-rows.csv"
    assert way in page and "50 places of the file are broken" in page
    rows = b"".join(client.get(way).streaming_content).decode().splitlines()
    assert len(rows) == 52 and rows[50] == '"51","id","","case_unknown","The data period has no case X-49."'
    assert "50 in all, of which 50 are named above." in rows[51]

    _row, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["windows:write"], days=1
    )
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    api = client.post(f"/api/v1/windows/{book.current.pk}/labels", {"file": upload(content)}, headers=headers)
    problem = api.json()
    assert (api.status_code, problem["counts"], len(problem["problems"])) == (422, {"case_unknown": 50}, 20)
    assert b"X-49" in b"".join(client.get(problem["report"], headers=headers).streaming_content)


def test_outcomes_are_withdrawn_by_form_with_a_reason(client, owner, book):
    delivered = hand_in(owner, book.current, outcomes(book.cases))
    sign_in(client, owner)
    page = f"/labels/{delivered.pk}/withdraw/"
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "of another product"}).status_code == 302
    assert "of another product" in client.get(f"/windows/{book.current.pk}/labels/").content.decode()


def test_a_reference_says_why_nothing_can_be_handed_in(client, owner, book):
    page = sign_in(client, owner).get(f"/windows/{book.reference.pk}/labels/").content.decode()
    assert "A reference is handed in with its outcomes." in page and 'type="file"' not in page


def test_a_stranger_finds_nothing(client, stranger, owner, book):
    delivered = hand_in(owner, book.current, outcomes(book.cases))
    sign_in(client, stranger)
    nothing = client.get(f"/windows/{uuid4()}/labels/").content
    for page in (f"/windows/{book.current.pk}/labels/", f"/labels/{delivered.pk}/withdraw/"):
        answer = client.get(page)
        assert (answer.status_code, answer.content) == (404, nothing)


def test_a_colleague_who_may_not_hand_in_sees_no_form(client, owner, book, bank):
    sign_in(client, join(bank, "committee", email="member@bank.example"))
    page = client.get(f"/windows/{book.current.pk}/labels/")
    assert page.status_code == 200 and 'type="file"' not in page.content.decode()


def test_one_delivery_or_three_are_as_many_queries(client, owner, book):
    sign_in(client, owner)
    counts = []
    for at in (0, 1, 2):
        hand_in(owner, book.current, outcomes(book.cases[at * 5 : at * 5 + 5]))
        if at != 1:
            client.get(f"/windows/{book.current.pk}/labels/")
            with CaptureQueriesContext(
                connection,
            ) as seen:
                client.get(f"/windows/{book.current.pk}/labels/")
            counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_program_hands_in_outcomes_and_reads_how_much_is_known(client, owner, book, bank):
    administrator = join(bank, "administrator", email="admin@bank.example")
    scopes = ["models:read", "windows:write"]
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=scopes, days=10
    )
    with_token = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_ACCEPT_LANGUAGE": "en"}
    url = f"/api/v1/windows/{book.current.pk}/labels"

    taken = client.post(url, {"file": upload(outcomes(book.cases[:12]).read())}, **with_token)
    wrong = client.post(url, {"file": upload(b"id,repaid\nX-1,1\n")}, **with_token)
    known = client.get(url, **with_token).json()

    assert (taken.status_code, taken.json()["fresh"], taken.json()["labelled"]) == (201, 12, 12)
    assert wrong.status_code == 422 and "The data period has no case X-1." in wrong.content.decode()
    assert (known["rows"], known["labelled"], known["share"]) == (20, 12, 0.6)
    assert [each["sha256"] for each in known["deliveries"]] == [taken.json()["sha256"]]
    assert client.get(f"/api/v1/windows/{uuid4()}/labels", **with_token).status_code == 404
