"""A backup holds the register of one moment; what comes out of it is the same register, or nothing comes out."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.test import override_settings
from psycopg import sql

from governance.config.backup import bag, putting_back, taking
from governance.config.backup.contents import LEFT_OUT, BackupRefused, Manifest, references
from governance.config.backup.sealing import Seal
from governance.config.embedded import roles
from governance.store import keys
from monitoring.shielding import services as shielding
from tests import database, factories
from tests.conftest import _point_at
from tests.furnished import furnish
from tests.ground import CHECKOUT
from tests.monitoring.loans import a_model
from tests.monitoring.shielding.rows import grounds, hand_in, protected

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backup")]
PASSPHRASE = "correct horse battery"


@dataclass(frozen=True)
class Register:
    """url: for the backup role; name: of its database."""

    name: str
    url: str
    home: Path


@pytest.fixture(scope="module")
def register(cluster, template, worker_name, django_db_setup, django_db_blocker, tmp_path_factory):
    """Files, keys and a guard in a home, rows in a database of its own."""
    home, name = tmp_path_factory.mktemp("register"), f"senim_test_{worker_name}_saved"
    with (
        django_db_blocker.unblock(),
        database.clone(cluster, template, name),
        override_settings(SENIM_HOME=home, SENIM_BELL=""),
    ):
        _point_at(name)
        keys.signing_key("gate")
        (home / "secret-key").write_text("s" * 60)
        (home / "guard").mkdir()
        (home / "guard" / "register.json").write_text("{}")
        bank = factories.found(1)
        owner = factories.join(bank, "model_owner", email="owner@bank.example")
        furnish(bank, owner)
        _rows_were_erased(bank.pk, owner)
        yield Register(name, cluster.url(roles.BACKUP, name), home)
        _point_at(f"senim_test_{worker_name}")


def _rows_were_erased(bank_id, owner) -> None:
    """A data period whose file is gone and whose counts are there."""
    window = hand_in(owner, protected(owner, model=a_model(owner, number="M-0100")), **grounds())
    shielding.erase(by=owner, window=window, reason="Taken back")
    shielding.catch_up(bank_id)


@pytest.fixture(scope="module")
def whole(register, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("backup") / "senim.tar"
    take(register, target)
    return target


@pytest.fixture
def taken(whole, tmp_path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copy(whole, tmp_path / "taken.tar"))


@pytest.fixture(scope="module")
def migrated(cluster, worker_name) -> Iterator[str]:
    """A database on which only `migrate` ran."""
    name = f"senim_test_{worker_name}_migrated"
    database._drop(cluster, name)
    with psycopg.connect(cluster.url(roles.OWNER), autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        for statement in roles.of_the_database(name):
            owner.execute(statement.encode())
    surroundings = {
        **os.environ,
        "SENIM_DATABASE_URL": cluster.url(roles.RUNTIME, name),
        "SENIM_OWNER_DATABASE_URL": cluster.url(roles.OWNER, name),
    }
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(migrate, cwd=CHECKOUT, env=surroundings, check=True)
    yield name
    database._drop(cluster, name)


@pytest.fixture
def empty(cluster, migrated, worker_name) -> Iterator[str]:
    with database.clone(cluster, migrated, f"senim_test_{worker_name}_restored") as name:
        yield name


@pytest.fixture
def into(tmp_path) -> Path:
    """An empty home."""
    return tmp_path / "into"


def take(register: Register, target: Path, seal: Seal | None = None) -> Manifest:
    return taking.take(url=register.url, home=register.home, target=target, version="0.1.0", seal=seal)


def put_back(taken: Path, into: Path, url: str, seal: Seal | None = None) -> None:
    putting_back.refuse_unless_empty(into, url)
    manifest = bag.manifest_of(taken)
    putting_back.put_back(source=taken, manifest=manifest, home=into, url=url, seal=seal)


def content(url: str) -> dict[str, set[str]]:
    """Every row of every saved table, as text."""
    with psycopg.connect(url) as reader:
        reader.execute("SET TimeZone = 'UTC'")
        return {
            table: {
                row
                for (row,) in reader.execute(
                    sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))
                ).fetchall()
            }
            for table in taking.columns_of(reader)
            if table not in LEFT_OUT
        }


def files(home: Path) -> dict[str, bytes]:
    kept = ("store", "keys", "guard", "secret-key")
    found = (path for top in kept for path in [home / top, *(home / top).rglob("*")] if path.is_file())
    return {str(path.relative_to(home)): path.read_bytes() for path in found}


def test_what_is_put_back_is_every_row_and_every_file_and_one_announced_entry(
    taken, register, empty, cluster, into
):
    before = content(register.url)

    put_back(taken, into, cluster.url(roles.OWNER, empty))

    after = content(cluster.url(roles.BACKUP, empty))
    added = {table: len(rows - before[table]) for table, rows in after.items() if rows - before[table]}
    assert {table for table, rows in before.items() if rows - after[table]} == set()
    organisations = len(before["governance_organisation"])
    tables = ("audits_ledgerentry", "audits_ledgerpayload", "audits_ledgerwaiting")
    assert added == dict.fromkeys(tables, organisations)
    assert any("system:restore,register.restored" in row for row in after["audits_ledgerentry"])
    assert files(into) == files(register.home) and len(files(into)) > 4
    assert all(path.stat().st_mode & 0o077 == 0 for path in into.rglob("*"))


def test_the_walls_stand_around_what_was_put_back(taken, empty, cluster, into):
    put_back(taken, into, cluster.url(roles.OWNER, empty))

    with psycopg.connect(cluster.url(roles.RUNTIME, empty)) as runtime:
        assert runtime.execute("SELECT count(*) FROM governance_aimodel").fetchone() == (0,)
    with (
        psycopg.connect(cluster.url(roles.OWNER, empty)) as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="nobody announced"),
    ):
        owner.execute("UPDATE governance_aimodel SET name = 'other'")
    with psycopg.connect(cluster.url(roles.OWNER, empty)) as owner:
        unusual = owner.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgenabled <> CASE WHEN tgname LIKE 'senim_revision%' OR tgname = 'senim_own_revision'"
            " THEN 'O' ELSE 'A' END"
        ).fetchall()
        assert unusual == []
        keys_left = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        assert owner.execute(keys_left).fetchone() == (0,)


def test_keys_between_the_tables_are_those_of_a_migrated_database(taken, register, empty, cluster, into):
    asked = "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
    put_back(taken, into, cluster.url(roles.OWNER, empty))

    def keys_of(name: str) -> set[object]:
        with psycopg.connect(cluster.url(roles.BACKUP, name)) as reader:
            return set(reader.execute(asked).fetchall())

    assert keys_of(empty) == keys_of(register.name)


def test_it_is_refused_where_something_is_already(register, cluster, into):
    url = cluster.url(roles.OWNER, register.name)

    with pytest.raises(BackupRefused, match="store is not empty"):
        putting_back.refuse_unless_empty(register.home, url)
    with pytest.raises(BackupRefused, match=r"The table audits_.* is not empty"):
        putting_back.refuse_unless_empty(into, url)


def test_one_flipped_byte_anywhere_is_refused(taken):
    whole = taken.read_bytes()
    with tarfile.open(taken) as tar:
        inside = [(each.name, each.offset_data + each.size // 2) for each in tar if each.size]
    headers = [("a header", 0), ("a later header", 512 * 40)]

    for name, at in [*inside[:: max(1, len(inside) // 25)], inside[-1], inside[-2], *headers]:
        taken.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BackupRefused):
            pytest.fail(f"{name} was believed: {bag.manifest_of(taken).taken_at}")
    taken.write_bytes(whole)
    assert bag.manifest_of(taken).rows > 100


def test_a_file_left_out_or_broken_off_is_refused(taken, tmp_path):
    shorter = tmp_path / "shorter.tar"
    with tarfile.open(taken) as whole, tarfile.open(shorter, "w") as tar:
        stored = next(each.name for each in whole if each.name.startswith("store/"))
        for each in whole:
            if each.name != stored:
                tar.addfile(each, whole.extractfile(each))
    with pytest.raises(BackupRefused, match="stored files were found"):
        bag.manifest_of(shorter)

    shorter.write_bytes(taken.read_bytes()[:-30_000])
    with pytest.raises(BackupRefused):
        bag.manifest_of(shorter)


def test_what_fails_half_way_leaves_nothing_behind(taken, empty, cluster, into, monkeypatch):
    monkeypatch.setattr(putting_back, "BROKEN_COMMITMENTS", "SELECT 1")

    with pytest.raises(BackupRefused, match="commitments"):
        put_back(taken, into, cluster.url(roles.OWNER, empty))

    assert not into.exists() or not list(into.iterdir())
    assert not any(content(cluster.url(roles.BACKUP, empty)).values())
    monkeypatch.undo()
    put_back(taken, into, cluster.url(roles.OWNER, empty))  # finds no trace of the first attempt


def test_the_snapshot_is_of_one_moment_whatever_is_written_meanwhile(register, taken, tmp_path, monkeypatch):
    """As soon as the first table is saved, somebody writes to another one."""
    first, saved = min(bag.manifest_of(taken).tables), taking._save_table

    def writes_meanwhile(archive, reader, name, table):
        saved(archive, reader, name, table)
        if name == first:
            factories.found(7, name="Founded meanwhile")

    before = content(register.url)
    monkeypatch.setattr(taking, "_save_table", writes_meanwhile)
    manifest = take(register, tmp_path / "meanwhile.tar")

    assert len(content(register.url)["governance_organisation"]) == len(before["governance_organisation"]) + 1
    assert {name: table.rows for name, table in manifest.tables.items()} == {
        name: len(rows) for name, rows in before.items()
    }


def test_a_lost_file_is_named_and_does_not_stop_the_backup(register, tmp_path):
    elsewhere = Register(register.name, register.url, tmp_path / "home")
    shutil.copytree(register.home, elsewhere.home)
    stored = sorted(path for path in (elsewhere.home / "store").rglob("*") if path.is_file())
    stored[0].write_bytes(b"rotten")
    stored[1].unlink()

    manifest = take(elsewhere, tmp_path / "lossy.tar")

    assert manifest.lost == [f"store/{path.relative_to(elsewhere.home / 'store')}" for path in stored[:2]]
    assert bag.manifest_of(tmp_path / "lossy.tar").lost == manifest.lost


def test_rows_that_were_erased_are_not_missed_and_their_counts_are_saved(register, tmp_path):
    with psycopg.connect(register.url) as reader:
        query = (
            "SELECT organisation_id, sha256, kept_sha256 FROM monitoring_window WHERE removed_at IS NOT NULL"
        )
        [(bank_id, rows, counts)] = reader.execute(query).fetchall()
    assert not (register.home / "store" / str(bank_id) / rows[:2] / rows).exists()
    assert take(register, tmp_path / "after.tar").lost == []
    elsewhere = Register(register.name, register.url, tmp_path / "home")
    shutil.copytree(register.home, elsewhere.home)
    name = f"store/{bank_id}/{counts[:2]}/{counts}"
    (elsewhere.home / name).unlink()
    assert take(elsewhere, tmp_path / "lossy.tar").lost == [name]


def test_sealed_keys_need_their_passphrase(register, empty, cluster, into, tmp_path):
    target, url = tmp_path / "sealed.tar", cluster.url(roles.OWNER, empty)
    take(register, target, Seal(PASSPHRASE))
    salt = bytes.fromhex(bag.manifest_of(target).salt)

    assert (register.home / "keys" / "gate.ed25519").read_bytes() not in target.read_bytes()
    with pytest.raises(BackupRefused, match="does not open"):
        put_back(target, into, url, Seal("another passphrase", salt))
    put_back(target, into, url, Seal(PASSPHRASE, salt))
    assert files(into) == files(register.home)


def test_every_stored_file_of_a_row_is_looked_for():
    assert {table for table, _column in references()} >= {
        "governance_modelversion",
        "governance_revision",
        "monitoring_result",
        "monitoring_window",
    }


LARGE = 160 << 20


def test_a_large_file_costs_no_memory(tmp_path):
    """Written and compared again in pieces: the peak is far below the size."""
    home = tmp_path / "home"
    draft = home / "draft"
    home.mkdir()
    with draft.open("wb") as file:
        file.truncate(LARGE)
        file.write(b"the beginning")
    with draft.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    place = home / "store" / str(uuid.uuid4()) / sha256[:2] / sha256
    place.parent.mkdir(parents=True)
    draft.rename(place)
    manifest = Manifest("0.1.0", "", "", {})

    with measured() as peak:
        with bag.written(tmp_path / "large.tar") as archive:
            taking._save_files(archive, home, manifest)
        found = [member.digest() for member in bag.members(tmp_path / "large.tar")]

    assert found == [sha256] and (manifest.files, manifest.size) == (1, LARGE)
    assert peak() < LARGE / 8


def test_a_large_table_leaves_in_parts_of_whole_rows(committing, cluster):
    with psycopg.connect(cluster.url(roles.OWNER, committing)) as owner:
        owner.execute(
            "CREATE TEMPORARY TABLE large AS SELECT n, repeat('x', 200) AS x FROM generate_series(1, 200000) n"
        )
        with measured() as peak:
            sizes = [
                (part.count(b"\n"), part.endswith(b"\n"))
                for part in taking._parts(owner, "large", ["n", "x"])
            ]

    assert sum(rows for rows, _whole in sizes) == 200_000 and len(sizes) > 4
    assert all(whole for _rows, whole in sizes)
    assert peak() < 4 * taking.PART_SIZE


@contextmanager
def measured() -> Iterator[Callable[[], int]]:
    """What Python held at most, in bytes; known at the end of the block."""
    held = [0]
    tracemalloc.start()
    try:
        yield lambda: held[0]
    finally:
        held[0] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
