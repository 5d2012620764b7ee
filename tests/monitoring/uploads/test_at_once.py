"""Several processes serve one upload, and none of them holds the file in memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import psycopg
import pytest

from governance.config.embedded import roles
from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.data.body import pieces
from monitoring.uploads import files, services
from monitoring.uploads.models import Upload
from tests import factories
from tests.monitoring.loans import a_model
from tests.monitoring.uploads.conftest import ROWS, a_sender

MOST = 8 << 20


@pytest.mark.django_db
def test_the_largest_piece_needs_a_few_megabytes(owner, dataset, rf, tmp_path: Path, settings):
    size = settings.SENIM_LARGEST_UPLOAD
    with (tmp_path / "sparse").open("wb") as sparse:
        sparse.truncate(size)
    upload = services.begin(
        by=owner, dataset=dataset, name="x", part="current", file_name="x.csv", size=size, digest="0" * 64
    )
    request = rf.patch("/", content_type="application/offset+octet-stream")
    with (tmp_path / "sparse").open("rb") as body:
        request.META |= {"wsgi.input": body, "wsgi.input_terminated": True}
        request.META.pop("CONTENT_LENGTH", None)
        tracemalloc.start()
        upload, stayed = services.receive(by=owner, upload=upload, offset=0, pieces=pieces(request))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert (upload.received, stayed) == (size, True)
    assert peak < MOST, f"{peak} bytes for a piece of {size}"


@pytest.mark.commits
@pytest.mark.slow
def test_two_processes_do_not_write_one_upload_at_once(committing, cluster):
    bank = factories.found(1)
    owner = factories.join(bank, "model_owner", email="owner@bank.example")
    administrator = factories.join(bank, "administrator", email="administrator@bank.example")
    dataset = data.describe(
        by=owner, model=a_model(owner), name="Loans", features=["income"], sensitive=["sex"]
    )
    ci = a_sender(bank, administrator, "windows:write")
    place = ci.begins(dataset)["Location"]
    ci.sends(place, ROWS[:100], 0)

    with psycopg.connect(cluster.url(roles.OWNER, committing)) as other:
        other.execute("SELECT 1 FROM monitoring_upload FOR UPDATE")
        assert ci.sends(place, ROWS[100:], 100).status_code == 409
        assert ci.asks(place)["Upload-Offset"] == "100"

    ci.sends(place, ROWS[100:], 100)
    assert ci.finishes(place).status_code == 201
    with viewing(owner):
        upload = Upload.objects.get()
    assert not files.place(bank.pk, upload.pk).exists()
