"""A file arrives in pieces, goes on after a break, and becomes the data period that it would have been as a whole."""

from __future__ import annotations

import io
import os
from datetime import timedelta

import pytest
from django.http.request import UnreadablePostError
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Window
from monitoring.uploads import files, services
from monitoring.uploads.models import Upload
from tests.monitoring.uploads.conftest import ROWS, a_sender

pytestmark = pytest.mark.django_db
MISSING = "/api/v1/uploads/00000000-0000-4000-8000-000000000000"


def of(actor) -> Upload:
    with viewing(actor):
        return Upload.objects.get()


def file_of(actor):
    return files.place(of(actor).organisation_id, of(actor).pk)


def offset(answer) -> int:
    return int(answer["Upload-Offset"])


def test_pieces_become_the_same_data_period_as_the_whole_file(
    ci, owner, dataset, place, django_capture_on_commit_callbacks
):
    at = 0
    while at < len(ROWS):
        answer = ci.sends(place, ROWS[at : at + 10_000], at)
        assert (answer.status_code, answer["Tus-Resumable"]) == (204, "1.0.0")
        at = offset(answer)
    with django_capture_on_commit_callbacks(execute=True):
        finished = ci.finishes(place)

    whole = data.add_window(
        by=owner, dataset=dataset, name="whole", part="current", file=io.BytesIO(ROWS), file_name="rows.csv"
    )
    told = finished.json()
    assert (finished.status_code, told["rows"]) == (201, 5_000)
    assert (told["sha256"], told["source_sha256"]) == (whole.sha256, whole.source_sha256)
    assert not file_of(owner).exists()


def test_the_offset_is_told_to_whoever_asks(ci, place):
    ci.sends(place, ROWS[:100], 0)
    asked = ci.asks(place)
    assert (asked.status_code, asked["Upload-Offset"], asked["Upload-Length"]) == (200, "100", str(len(ROWS)))
    assert asked["Cache-Control"] == "no-store" and asked.content == b""


@pytest.mark.parametrize("wrong", [0, 99, 101])
def test_another_offset_than_the_next_is_a_conflict_and_writes_nothing(ci, owner, place, wrong):
    ci.sends(place, ROWS[:100], 0)
    assert ci.sends(place, ROWS[wrong:], wrong).status_code == 409
    assert offset(ci.asks(place)) == 100
    assert file_of(owner).read_bytes() == ROWS[:100]


def test_more_bytes_than_were_said_are_refused(ci, owner, place):
    ci.sends(place, ROWS[:100], 0)
    assert ci.sends(place, ROWS[100:] + b"1,f\n", 100).status_code == 422
    assert offset(ci.asks(place)) == 100 and file_of(owner).read_bytes() == ROWS[:100]


def test_a_piece_without_its_kind_or_offset_is_refused(ci, place):
    assert ci.sends(place, ROWS, 0, kind="text/csv").status_code == 415
    without = ci.client.patch(place, ROWS, content_type="application/offset+octet-stream", headers=ci.headers)
    assert without.status_code == 422


def test_what_came_before_the_sender_broke_off_is_kept(ci, owner, place):
    def breaking():
        yield ROWS[:70]
        raise UnreadablePostError("the line is dead")

    _upload, stayed = services.receive(by=owner, upload=of(owner), offset=0, pieces=breaking())

    assert not stayed and offset(ci.asks(place)) == 70


def test_bytes_that_were_never_acknowledged_are_written_over(ci, owner, place):
    """As after a process that died between the disk and the database."""
    ci.sends(place, ROWS[:100], 0)
    with file_of(owner).open("ab") as file:
        file.write(b"bytes of a piece that nobody acknowledged")

    assert offset(ci.asks(place)) == 100
    ci.sends(place, ROWS[100:], 100)

    assert ci.finishes(place).json()["rows"] == 5_000


def test_a_file_that_is_not_whole_is_not_finished(ci, owner, place):
    ci.sends(place, ROWS[:-1], 0)
    answer = ci.finishes(place)
    assert answer.status_code == 409 and "still missing: 1." in answer.json()["detail"]
    with viewing(owner):
        assert not Window.objects.exists()


def test_another_file_than_the_one_announced_is_refused(ci, owner, place):
    ci.sends(place, ROWS.replace(b"f", b"x"), 0)
    answer = ci.finishes(place)
    assert answer.status_code == 422 and answer.json()["problems"][0]["where"] == "digest"
    with viewing(owner):
        assert not Window.objects.exists()


def test_finished_twice_it_is_the_same_data_period(ci, owner, place):
    """The answer to the first may have been lost on the way."""
    ci.sends(place, ROWS, 0)
    first, second = ci.finishes(place).json(), ci.finishes(place).json()
    assert first["id"] == second["id"]
    assert ci.sends(place, b"x", len(ROWS)).status_code == 409
    assert ci.gives_up(place).status_code == 409
    with viewing(owner):
        assert Window.objects.count() == 1


def test_a_broken_file_is_refused_with_its_rows_and_can_be_given_up(
    ci, owner, dataset, django_capture_on_commit_callbacks
):
    broken = b"income,sex\n1,f\nx,m\n"
    place = ci.begins(dataset, broken)["Location"]
    ci.sends(place, broken, 0)

    answer = ci.finishes(place)

    assert answer.json()["places"] == [{"rule": "not_numeric", "row": 3, "column": "income"}]
    assert ci.client.get(answer.json()["report"], headers=ci.headers).status_code == 200
    there = file_of(owner)
    with django_capture_on_commit_callbacks(execute=True):
        assert ci.gives_up(place).status_code == 204
    assert not there.exists() and ci.asks(place).status_code == 404


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"name": " "}, "name"),
        ({"part": "future"}, "part"),
        ({"size": 0}, "size"),
        ({"digest": "A" * 64}, "digest"),
        ({"digest": "0" * 63}, "digest"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(ci, owner, dataset, said, where):
    answer = ci.begins(dataset, **said)
    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["problems"]] == [where]
    with viewing(owner):
        assert not Upload.objects.exists()


def test_an_organisation_has_only_so_much_on_its_way(ci, dataset, settings):
    settings.SENIM_LARGEST_UPLOAD = len(ROWS)
    assert ci.begins(dataset, size=len(ROWS) + 1).status_code == 413
    places = [ci.begins(dataset) for _ in range(services.AT_ONCE)]
    assert [each.status_code for each in places] == [201] * services.AT_ONCE
    assert ci.begins(dataset, b"1").status_code == 409
    ci.gives_up(places[0]["Location"])
    assert ci.begins(dataset).status_code == 201


def test_what_nobody_touches_for_a_day_is_removed_and_what_is_touched_stays(
    ci, owner, dataset, place, django_capture_on_commit_callbacks
):
    stray = files.place(dataset.organisation_id, dataset.pk)
    stray.write_bytes(b"left by a process that died")
    os.utime(stray, (0, 0))
    there = file_of(owner)
    services.catch_up(dataset.organisation_id)
    assert there.exists() and not stray.exists()
    with acting(Actor.system("tests"), "test.arranged"):
        Upload.objects.update(touched_at=timezone.now() - timedelta(hours=25))

    with django_capture_on_commit_callbacks(execute=True):
        services.catch_up(dataset.organisation_id)

    assert not there.exists() and ci.asks(place).status_code == 404


def test_after_a_backup_was_put_back_it_is_begun_again(ci, owner, place):
    ci.sends(place, ROWS[:100], 0)
    file_of(owner).unlink()
    assert ci.sends(place, ROWS[100:], 100).status_code == 404


def test_another_organisation_gets_the_answers_of_a_missing_one(ci, broker, stranger, dataset, place):
    theirs = a_sender(broker, stranger, "windows:write")
    assert theirs.asks(place).status_code == theirs.asks(MISSING).status_code == 404
    for ask in (
        lambda at: theirs.sends(at, ROWS, 0),
        theirs.finishes,
        theirs.gives_up,
        lambda at: theirs.client.get(at, headers=theirs.headers),
    ):
        assert ask(place).content == ask(MISSING).content and ask(place).status_code == 404
    assert theirs.begins(dataset).status_code == 404
    assert offset(ci.asks(place)) == 0


def test_a_token_without_the_right_cannot_begin_nor_ask(bank, administrator, dataset, place):
    reader = a_sender(bank, administrator, "models:read")
    assert reader.begins(dataset).status_code == 403
    assert reader.asks(place).status_code == 403


def test_what_cannot_be_judged_at_the_start_is_judged_at_the_end(ci, owner, dataset, place):
    data.add_window(
        by=owner, dataset=dataset, name="October", part="current", file=io.BytesIO(ROWS), file_name="r.csv"
    )
    ci.sends(place, ROWS, 0)
    assert ci.finishes(place).status_code == 422
