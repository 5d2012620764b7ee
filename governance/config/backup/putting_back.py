"""Puts a backup back into an empty home and an empty database, in one transaction, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from pathlib import Path
from typing import Any

import psycopg
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from psycopg.types.json import Jsonb

from governance.config import walls
from governance.config.backup import bag
from governance.config.backup.contents import GUARD, LEFT_OUT, OURS, SECRETS, BackupRefused, Manifest
from governance.config.backup.sealing import Seal
from governance.config.backup.standing import Standing
from governance.config.backup.taking import PLAIN, columns_of, sorted_files

ANNOUNCED = """
SELECT set_config('senim.actor', 'system:restore', true), set_config('senim.action', 'register.restored', true),
    set_config('senim.reason', %s, true), set_config('senim.reads', '*', true), set_config('senim.writes', '*', true)
"""
ENTER = """
SELECT senim_record(id, 'governance_organisation', id, NULL, 'U', %s) FROM governance_organisation ORDER BY id
"""
BROKEN_COMMITMENTS = """
SELECT count(*) FROM audits_ledgerentry e JOIN audits_ledgerpayload p ON p.entry_id = e.id
WHERE sha256(p.salt || convert_to(p.content::text, 'UTF8')) <> e.commitment
"""


def refuse_unless_empty(home: Path, url: str) -> None:
    """Raises BackupRefused where something is that a restore would mix with."""
    for name in ("store", *GUARD, "keys", "demo.json"):
        place = home / name
        if place.is_file() or next(sorted_files(place), None):
            raise BackupRefused(f"{place} is not empty. Restore into an empty SENIM_HOME.")
    with psycopg.connect(url) as database:
        for table in columns_of(database):
            query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
            if table not in LEFT_OUT and database.execute(query).fetchone() == (True,):
                raise BackupRefused(f"The table {table} is not empty. Restore into an empty database.")


def refuse_other_migrations(manifest: Manifest) -> None:
    """Raises BackupRefused where the backup was taken by a version with another schema."""
    here = MigrationLoader(None).disk_migrations or {}
    for app in OURS:
        ours, theirs = sorted(name for label, name in here if label == app), manifest.migrations.get(app, [])
        if ours != sorted(theirs):
            raise BackupRefused(
                f"The backup was taken by Senim {manifest.senim}, whose migrations of {app} are not those of this"
                f" version. Restore it with Senim {manifest.senim}, then upgrade."
            )


def put_back(*, source: Path, manifest: Manifest, home: Path, url: str, seal: Seal | None = None) -> None:
    """Load a verified backup. url: for the owner role of a database that was just migrated and is empty.

    Raises BackupRefused, psycopg.Error, OSError; then nothing has changed.
    """
    staged = home / ".restoring"
    shutil.rmtree(staged, ignore_errors=True)
    try:
        with psycopg.connect(url) as database, database.transaction():
            database.execute(PLAIN)
            _refuse_other_columns(database, manifest)
            standing = Standing.taken_down(database, list(manifest.tables))
            _load(database, source, manifest, staged, seal)
            _set_sequences(database, manifest)
            standing.put_up(database)
            for statement in walls.statements():
                database.execute(statement.encode())
            _compare(database, manifest)
            _enter(database, manifest)
            _settle(staged, home)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _refuse_other_columns(database: psycopg.Connection[Any], manifest: Manifest) -> None:
    here = {name: set(columns) for name, columns in columns_of(database).items() if name not in LEFT_OUT}
    if here != {name: set(table.columns) for name, table in manifest.tables.items()}:
        raise BackupRefused("The tables of this database are not those of the backup.")


def _load(
    database: psycopg.Connection[Any], source: Path, manifest: Manifest, staged: Path, seal: Seal | None
) -> None:
    for member in bag.members(source):
        if found := bag.PART.fullmatch(member.name):
            _load_part(database, found.group(1), manifest.tables[found.group(1)].columns, member)
        elif found := bag.STORED.fullmatch(member.name):
            _stage(staged / member.name, member, found.group(3))
        elif found := bag.SECRET.fullmatch(member.name):
            _stage_secret(staged / "secrets" / found.group(1), member, found.group(1), seal)


def _load_part(database: psycopg.Connection[Any], table: str, columns: list[str], member: bag.Member) -> None:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), listed)
    with database.cursor() as cursor, cursor.copy(query) as rows:
        rows.write(gzip.decompress(member.read()))


def _stage(path: Path, member: bag.Member, sha256: str) -> None:
    _make(path.parent)
    path.touch(mode=0o600)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in member.chunks():
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != sha256:
        raise BackupRefused(f"{member.name} is not what it was.")


def _stage_secret(path: Path, member: bag.Member, name: str, seal: Seal | None) -> None:
    content = member.read()
    if name.partition("/")[0] in SECRETS and seal:
        content = seal.open(name, content)
    _make(path.parent)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _make(folder: Path) -> None:
    """Closed, with all that is missing above it: mkdir closes the last folder alone."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            each.mkdir(mode=0o700)


def _set_sequences(database: psycopg.Connection[Any], manifest: Manifest) -> None:
    for name, (at, used) in manifest.sequences.items():
        database.execute("SELECT setval(%s::regclass, %s, %s)", [name, at, used])


def _compare(database: psycopg.Connection[Any], manifest: Manifest) -> None:
    """As the owner role, which sees every row."""
    for name, table in manifest.tables.items():
        found = database.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        if found != (table.rows,):
            raise BackupRefused(f"The table {name} has {found} rows after loading, {table.rows} were saved.")
    if database.execute(BROKEN_COMMITMENTS).fetchone() != (0,):
        raise BackupRefused("The ledger's commitments do not fit its payloads.")


def _enter(database: psycopg.Connection[Any], manifest: Manifest) -> None:
    """The one thing that a restore adds: each organisation's ledger says that it came out of a backup, and of which."""
    digest = hashlib.sha256(manifest.written()).hexdigest()
    database.execute(ANNOUNCED, [f"restored from the backup of {manifest.taken_at}"])
    told = {"taken_at": manifest.taken_at, "senim": manifest.senim, "manifest_sha256": digest}
    database.execute(ENTER, [Jsonb({"restored_from_backup": [None, told]})])


def _settle(staged: Path, home: Path) -> None:
    """Give the files their places; the last step before the commit."""
    secrets = staged / "secrets"
    for place in (*(secrets.iterdir() if secrets.is_dir() else ()), staged / "store"):
        if place.exists():
            target = home / place.name
            if target.is_dir():
                shutil.rmtree(target)  # empty: refuse_unless_empty has looked
            place.replace(target)
