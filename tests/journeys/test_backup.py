"""A backup of the story, taken while everything runs, comes up in an empty home as the same register."""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audits.models import LedgerEntry
from governance.config.backup import bag
from governance.config.backup.contents import GUARD, PASSING, SECRETS
from governance.demo import closing
from governance.demo.cast import BANK, REGISTER
from governance.demo.mortgage.story import FAIRNESS, Mortgage
from governance.demo.proofs import digest_of, figure
from governance.demo.stage import Stage
from governance.people.acting import viewing
from tests.journeys.product import Product, finished

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]


@dataclass
class Saved:
    """The story as it was when the backup was taken."""

    file: Path
    story: Mortgage
    entries: dict[Any, bytes]


@dataclass
class Again:
    """The same register in another home, running."""

    product: Product
    story: Mortgage
    saved: Saved
    entries_before: dict[Any, bytes]


def entries() -> dict[Any, bytes]:
    with viewing(REGISTER):
        return {pk: bytes(sealed) for pk, sealed in LedgerEntry.objects.values_list("pk", "commitment")}


@pytest.fixture(scope="module")
def saved(senim, tmp_path_factory) -> Saved:
    story = senim.tell("others see nothing")
    senim.cast.keep(senim.home)
    folder = tmp_path_factory.mktemp("backups")
    with senim.database():
        story.settled()
        known = entries()
    said = finished(senim.python("manage.py", "backup", folder))
    assert "The keys lie in it as they are" in said
    return Saved(next(folder.glob("senim-*.tar")), story, known)


@pytest.fixture(scope="module")
def again(senim, saved, django_db_blocker) -> Iterator[Again]:
    with ExitStack() as undo:
        folder = tempfile.TemporaryDirectory(prefix="senim-journey-", ignore_cleanup_errors=True)
        home = Path(undo.enter_context(folder))
        home.chmod(0o711)
        product = Product(home, cast=senim.cast)
        undo.callback(product.servers.discard)
        undo.callback(product.stop)
        finished(product.python("manage.py", "restore", saved.file))
        undo.enter_context(django_db_blocker.unblock())
        with product.database():
            known = entries()
        product.start("up", "--port", product.port, until="Senim answers at")
        product.stage = Stage(product.url, senim.cast, senim.stage.workshop, tell=lambda _line: None)
        story = Mortgage(product.stage)
        story.verdicts = saved.story.verdicts
        yield Again(product, story, saved, known)


def test_the_backup_is_whole_and_closed_to_others(saved):
    manifest = bag.manifest_of(saved.file)

    assert manifest.lost == [] and manifest.files > 10 and manifest.rows > 500
    assert saved.file.stat().st_mode & 0o077 == 0


def test_everything_in_the_home_is_saved_or_on_the_list_of_what_passes(senim, saved):
    there = {path.name for path in senim.home.iterdir() if not path.name.endswith((".lock", ".partial"))}

    assert there - {"store", *SECRETS, *GUARD} - set(PASSING) == set()


def test_a_home_that_is_not_empty_is_left_as_it_is(senim, saved):
    refused = senim.python("manage.py", "restore", saved.file)

    said, _ = refused.communicate()
    assert refused.returncode == 1 and "is not empty" in said


def test_a_backup_with_a_flipped_byte_is_refused(senim, saved, tmp_path):
    content = bytearray(saved.file.read_bytes())
    with tarfile.open(saved.file) as tar:
        stored = next(each for each in tar if each.name.startswith("store/"))
    content[stored.offset_data] ^= 1
    spoilt = tmp_path / "spoilt.tar"
    spoilt.write_bytes(content)

    refused = senim.python("manage.py", "restore", "--check", spoilt)

    said, _ = refused.communicate()
    assert refused.returncode == 1 and "is damaged and was not used" in said


def test_the_ledger_is_the_same_and_says_that_it_was_restored(again):
    added = {pk for pk in again.entries_before if pk not in again.saved.entries}

    assert again.saved.entries.items() <= again.entries_before.items()
    with again.product.database(), viewing(REGISTER):
        restored = LedgerEntry.objects.filter(action="register.restored")
        organisations = set(restored.values_list("organisation_id", flat=True))
        assert set(restored.values_list("pk", flat=True)) <= added
    assert {str(each) for each in organisations} == set(again.product.cast.organisations.values())
    with again.product.database():
        closing.prove_the_ledger(again.product.cast)


def test_the_gate_answers_as_it_did(again):
    with again.product.database():
        story = again.story
        story.gate("2", "v2.json", expected="allow")
        denied = story.gate("2", "v1.json", expected="deny")
        story.gate("2", "v2.json", expected="deny", environment="pilot")
        fairness = story.gate("1", "v1.json", expected="deny")

    assert [each["key"] for each in denied["statement"]["reasons"]] == ["artefact_differs"]
    assert FAIRNESS in json.dumps(fairness["statement"])


def test_the_figures_are_the_same_to_the_last_digit(again, senim):
    for check, run in again.story.verdicts["2"].items():
        with again.product.database():
            now = again.story.ci.get(f"/runs/{run['id']}")
        assert now == senim.story.ci.get(f"/runs/{run['id']}"), check
    ratio = figure(now := again.story.verdicts["2"]["fairness"], "demographic_parity_ratio", "race")
    assert now["verdict"] == "uncertain" and round(ratio["value"], 2) == 0.82


def test_its_page_and_its_papers_open(again):
    page = again.story.owner.read(f"/models/{again.story.model_id}/")

    permission = page[page.index('id="permission"') : page.index('id="requirements"')]
    assert digest_of(again.story.material / "v2.json") in permission
    stored = (path for path in (again.product.home / "store").rglob("*") if path.is_file())
    assert sum(1 for _ in stored) >= bag.manifest_of(again.saved.file).files


def test_work_goes_on(again):
    """The keys sign, the workers compute, the walls refuse, and what is written stands in the ledger."""
    with again.product.database():
        again.story.hands_in("After the restore", ["model_card"], "# Model card\n\nAfter the restore.\n")
        again.story.settled()
        with viewing(REGISTER):
            newest = LedgerEntry.objects.filter(action="document.added").latest("at")
            assert newest.pk not in again.entries_before
            assert str(newest.organisation_id) == again.product.cast.organisations[BANK.bin]


def test_migrating_once_more_changes_nothing(again):
    for _ in range(2):
        said = finished(again.product.python("manage.py", "migrate", "--no-color"))
        assert "No migrations to apply." in said
    with again.product.database():
        assert again.entries_before.items() <= entries().items()
        again.story.gate("2", "v2.json", expected="allow")


def test_the_restored_homes_own_keys_sign(again, senim):
    kept = [home / "keys" / "gate.ed25519" for home in (senim.home, again.product.home)]

    assert kept[0].read_bytes() == kept[1].read_bytes()
    assert subprocess.run(["stat", "-c", "%a", kept[1]], capture_output=True, text=True).stdout == "600\n"
