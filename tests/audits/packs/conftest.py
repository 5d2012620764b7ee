"""Packs as an auditor has them on their own computer: of a small record, and once of a record with one of everything."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import override_settings
from django.utils import translation

from audits.packs import services as packs
from audits.packs.models import Pack
from governance import store
from governance.inventory import services as inventory
from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.actor import Actor
from tests import database, factories
from tests.factories import REGISTER
from tests.furnished import furnish


def made(by: Actor, model: AIModel) -> Pack:
    """Ordered and made, as the worker makes it."""
    pack = packs.order(by=by, model=model)
    packs.make(pack.pk, pack.organisation_id)
    with viewing(REGISTER):
        return Pack.objects.get(pk=pack.pk)


def unpacked(pack: Pack, folder: Path) -> Path:
    with zipfile.ZipFile(store.path(pack.organisation_id, pack.sha256)) as archive:
        archive.extractall(folder)
        return folder / archive.namelist()[0].split("/")[0]


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    """What an auditor runs: nothing of ours on the path, no environment."""
    arguments = [sys.executable, "-I", str(folder / "verify.py")]
    return subprocess.run(arguments, capture_output=True, text=True, env={})


@pytest.fixture
def model(bank, owner) -> AIModel:
    """A draft with one document: the smallest record worth a pack."""
    model = inventory.register(by=owner, organisation=bank, fields={"name": "Mortgage approval scoring"})
    add_document(owner, model, "card.md", b"# Model card\n")
    with viewing(REGISTER):
        return AIModel.objects.select_related("organisation", "owner").get(pk=model.pk)


def add_document(owner: Actor, model: AIModel, name: str, content: bytes, title: str = "Model card") -> None:
    inventory.add_document(
        by=owner,
        model=model,
        title=title,
        kinds=["model_card"],
        file=SimpleUploadedFile("upload", content),
        file_name=name,
        language="en",
    )


@pytest.fixture
def pack(model: AIModel, owner: Actor) -> Pack:
    return made(owner, model)


@pytest.fixture(scope="module")
def of_everything(
    django_db_setup, django_db_blocker, cluster, template, worker_name, tmp_path_factory
) -> Iterator[tuple[Pack, Path]]:
    """The pack of a record with one of everything, made once in a database that is gone before the tests begin."""
    home = tmp_path_factory.mktemp("packs")
    quiet = override_settings(SENIM_HOME=home, SENIM_BELL="")
    former = connections["default"].settings_dict["NAME"]
    name = f"senim_test_{worker_name}_packs"
    with quiet, translation.override("en"), django_db_blocker.unblock():
        with database.clone(cluster, template, name):
            _reach(name)
            bank = factories.found(1, name="First Bank")
            owner = factories.join(bank, "model_owner", email="owner@bank.example")
            furnished = furnish(bank, owner)
            with viewing(REGISTER):
                model = AIModel.objects.get(pk=furnished.model_id)
            pack = made(owner, model)
            folder = unpacked(pack, home / "unpacked")
            _reach(former)
        yield pack, folder


def _reach(name: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name


@pytest.fixture
def folder(of_everything: tuple[Pack, Path], tmp_path: Path) -> Path:
    """Its files, for one test to spoil."""
    return shutil.copytree(of_everything[1], tmp_path / of_everything[1].name)
