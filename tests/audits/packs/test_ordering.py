"""Who may order a pack, how it is made once whatever happens to workers, and who is told."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.packs import services as packs
from audits.packs.models import Pack, PackStatus
from governance.config.embedded import roles
from governance.errors import NotAllowed
from governance.people.acting import viewing
from governance.post.models import Message
from tests import factories
from tests.audits.packs.conftest import made
from tests.factories import REGISTER


def everything() -> list[Pack]:
    with viewing(REGISTER):
        return list(Pack.objects.order_by("requested_at"))


def aged(pack: Pack) -> None:
    with viewing(REGISTER), connection.cursor() as cursor:
        cursor.execute("SET LOCAL senim.actor = 'system:tests'; SET LOCAL senim.action = 'tests.aged'")
        cursor.execute("SET LOCAL senim.writes = '*'")
        Pack.objects.filter(pk=pack.pk).update(rung_at=timezone.now() - timedelta(minutes=1))


@pytest.mark.parametrize("role", ["auditor", "validator", "administrator"])
def test_auditor_second_line_and_administrator_may_order(model, bank, role):
    who = factories.join(bank, role, email=f"{role}-2@bank.example")
    assert packs.order(by=who, model=model).status == PackStatus.DUE


def test_the_committee_and_the_owner_of_another_model_may_not(model, bank):
    before = len(everything())
    for role in ("committee", "model_owner"):
        who = factories.join(bank, role, email=f"{role}-2@bank.example")
        with pytest.raises(NotAllowed):
            packs.order(by=who, model=model)
    assert len(everything()) == before


def test_a_supervisor_orders_at_any_participant_and_is_told_at_home(model, supervisor):
    pack = made(supervisor, model)

    assert pack.is_done
    with viewing(supervisor):
        message = Message.objects.get(key="pack_ready")
    assert message.to_id == supervisor.user_id
    assert message.organisation_id == supervisor.organisation_id


def test_whoever_ordered_is_told_with_the_digest(pack, owner):
    with viewing(owner):
        message = Message.objects.get(key="pack_ready")
    assert pack.seal in message.body
    assert message.link == reverse("packs:packs", args=[pack.model_id])


def test_a_second_order_while_one_is_made_is_the_same_pack(model, owner):
    first, second = packs.order(by=owner, model=model), packs.order(by=owner, model=model)
    assert first.pk == second.pk


def test_a_second_delivery_changes_nothing(pack, owner):
    before = everything()
    packs.make(pack.pk, pack.organisation_id)

    assert [(each.sha256, each.made_at) for each in everything()] == [
        (each.sha256, each.made_at) for each in before
    ]
    with viewing(owner):
        assert Message.objects.filter(key="pack_ready").count() == 1


def test_what_a_dead_worker_left_is_rung_for_again_and_parked_in_the_end(model, owner):
    pack = packs.order(by=owner, model=model)
    for attempt in range(packs.MOST_ATTEMPTS):
        aged(pack)
        packs.catch_up(pack.organisation_id)
        with viewing(REGISTER):
            assert Pack.objects.get(pk=pack.pk).attempts == attempt + 1
    aged(pack)
    packs.catch_up(pack.organisation_id)

    with viewing(REGISTER):
        assert Pack.objects.get(pk=pack.pk).status == PackStatus.FAILED
    with viewing(owner):
        assert "could not be made" in Message.objects.get(key="pack_ready").subject


def test_a_pack_that_was_rung_for_lately_is_left_alone(model, owner):
    pack = packs.order(by=owner, model=model)
    packs.catch_up(pack.organisation_id)
    with viewing(REGISTER):
        assert Pack.objects.get(pk=pack.pk).attempts == 0


def test_only_senim_itself_ends_a_pack(model, owner):
    pack = packs.order(by=owner, model=model)
    with viewing(owner), connection.cursor() as cursor:
        cursor.execute("SET LOCAL senim.action = 'pack.forged'")
        cursor.execute("SELECT set_config('senim.writes', current_setting('senim.reads'), true)")
        assert Pack.objects.filter(pk=pack.pk).update(status=PackStatus.FAILED) == 0


def test_the_pages_order_show_and_hand_over(model, owner, client):
    factories.sign_in(client, owner)
    page = reverse("packs:packs", args=[model.pk])
    assert "Order a pack" in client.get(page).content.decode()

    assert client.post(page).status_code == 302
    waiting = client.get(page).content.decode()
    assert "Being made" in waiting and "hx-get" in waiting
    pack = next(each for each in everything() if each.requested_by_id == owner.user_id)
    assert client.get(reverse("packs:file", args=[pack.pk])).status_code == 404

    packs.make(pack.pk, pack.organisation_id)
    settled = client.get(reverse("packs:progress", args=[pack.pk])).content.decode()
    assert "Download" in settled and "hx-get" not in settled
    answer = client.get(reverse("packs:file", args=[pack.pk]))
    content = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"].startswith('attachment; filename="senim-M-0001-')
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_somebody_inside_without_the_right_gets_403_and_a_stranger_404(pack, bank, stranger):
    member = factories.join(bank, "committee", email="member@bank.example")
    address = reverse("packs:file", args=[pack.pk])
    assert factories.sign_in(Client(), member).get(address).status_code == 403
    assert factories.sign_in(Client(), stranger).get(address).status_code == 404


@pytest.mark.slow
def test_nothing_of_typst_is_loaded_before_a_report_is_printed():
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'governance.config.settings';"
        "import django, sys; django.setup(); import governance.config.urls, governance.config.sweep;"
        "print('typst' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.strip().splitlines()[-1:] == ["False"], ran.stderr


def test_while_somebody_makes_a_pack_nobody_else_does(model, owner, cluster):
    pack = packs.order(by=owner, model=model)
    url = cluster.url(roles.RUNTIME, connection.settings_dict["NAME"])
    with psycopg.connect(url) as another_worker:
        lock = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
        another_worker.execute(lock, [f"senim.pack.{pack.pk}"])
        packs.make(pack.pk, pack.organisation_id)
        aged(pack)
        packs.catch_up(pack.organisation_id)
        with viewing(REGISTER):
            left = Pack.objects.get(pk=pack.pk)
    assert (left.status, left.attempts) == (PackStatus.DUE, 0)  # the lock of a dead worker is gone with it

    packs.make(pack.pk, pack.organisation_id)
    with viewing(REGISTER):
        assert Pack.objects.get(pk=pack.pk).is_done
