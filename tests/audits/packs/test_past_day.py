"""A pack of a past day holds what stood at its end, says so, and verifies like any other."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from audits.packs import services as packs
from audits.packs.models import Pack
from governance.config.embedded.cluster import SUPERUSER
from governance.demo.mortgage.answers import as_json
from governance.errors import RuleBroken
from governance.inventory import services as inventory
from governance.inventory import taking_back
from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.asked_day import AsOf
from tests.audits.packs.conftest import unpacked, verified
from tests.factories import REGISTER, found, join, sign_in
from tests.governance.inventory.made import accepted
from tests.governance.obligations.stood import RISKS, ago, passes

DAYS = {6: "missing", 4: "on_file", 2: "missing"}


def pass_days(cluster, bank, days: int) -> None:
    """Rows and the ledger's own entries of today are of some days ago: as if the clock had stood so when they were written."""
    passes(bank, days)
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(cluster.url(SUPERUSER, name), autocommit=True) as connection:
        connection.execute("ALTER TABLE audits_ledgerentry DISABLE TRIGGER senim_guard_rows")
        connection.execute(
            "UPDATE audits_ledgerentry SET at = at - %s WHERE at > %s",
            [timedelta(days=days), timezone.now() - timedelta(days=1)],
        )
        connection.execute("ALTER TABLE audits_ledgerentry ENABLE ALWAYS TRIGGER senim_guard_rows")


def hand_in(owner, model) -> object:
    said = {"title": "Risks", "kinds": ["risk_register"], "file_name": "risks.md", "language": "en"}
    return accepted(owner, model, b"# Risks\n" * (1 + model.revision % 7), **said)


def a_story(cluster, bank, owner) -> AIModel:
    model = inventory.register(by=owner, organisation=bank, fields=as_json() | {"name": "First name"})
    model = inventory.submit(by=owner, model=model)
    pass_days(cluster, bank, 6)
    revision = hand_in(owner, model)
    pass_days(cluster, bank, 4)
    taking_back.withdraw_revision(by=owner, revision=revision, reason="Wrong file.")
    inventory.edit(by=owner, model=model, fields={"name": "Second name"})
    pass_days(cluster, bank, 2)
    inventory.edit(by=owner, model=model, fields={"name": "Name of today"})
    with viewing(REGISTER):
        return AIModel.objects.get(pk=model.pk)


def a_pack(owner, model, days: int) -> Pack:
    pack = packs.order(by=owner, model=model, day=AsOf(ago(days)))
    packs.make(pack.pk, pack.organisation_id)
    with viewing(REGISTER):
        return Pack.objects.get(pk=pack.pk)


def rows(folder: Path, path: str) -> list[dict]:
    return [json.loads(line) for line in (folder / "data" / path).read_text("utf-8").splitlines()]


@pytest.mark.commits
def test_each_day_has_its_own_pack_that_verifies(committing, cluster, tmp_path, client):
    bank = found(1, name="First Bank")
    owner = join(bank, "model_owner", email="owner@bank.example")
    model = a_story(cluster, bank, owner)
    names, files = {}, {}
    for days, status in DAYS.items():
        pack = a_pack(owner, model, days)
        folder = unpacked(pack, tmp_path / str(days))
        ran = verified(folder)
        assert ran.returncode == 0, ran.stdout
        told = json.loads((folder / "data/pack.json").read_text())
        assert (
            told["past_day"] == str(ago(days))
            and f"at the end of {ago(days)}" in (folder / "bag-info.txt").read_text()
        )
        lines = json.loads((folder / "data/requirements/requirements.json").read_text())["lines"]
        assert {line["key"]: line["evidence_status"] for line in lines}[RISKS] == status
        [record] = rows(folder, "record/governance_aimodel.jsonl")
        names[days] = record["name"]
        files[days] = [
            row["withdrawn_at"] is None for row in rows(folder, "documents/governance_revision.jsonl")
        ]
        assert (
            "Name of today" not in (folder / "README.md").read_text() + (folder / "data/gaps.md").read_text()
        )
    assert names == {6: "First name", 4: "First name", 2: "Second name"}
    assert files == {6: [], 4: [True], 2: [False]}
    page = sign_in(client, owner).get(reverse("packs:packs", args=[model.pk]), {"as_of": ago(4)})
    assert "Order a pack as of" in page.content.decode()


@pytest.mark.django_db
def test_a_day_of_which_the_ledger_tells_nothing_has_no_pack(owner, model):
    with pytest.raises(RuleBroken):
        packs.order(by=owner, model=model, day=AsOf(ago(1)))

    with viewing(REGISTER):
        assert not Pack.objects.exists()


@pytest.mark.django_db
def test_today_is_the_record_as_it_stands(owner, model):
    assert packs.order(by=owner, model=model, day=AsOf(ago(0))).past_day is None
