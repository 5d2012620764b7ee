"""Takes a backup: the guard first, then the database in one snapshot, then the files, which are only ever added."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from governance.config.backup import bag
from governance.config.backup.contents import ERASED, GUARD, LEFT_OUT, SECRETS, Manifest, Table, references
from governance.config.backup.sealing import Seal

PART_SIZE = 8 << 20
PLAIN = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';"
PLAIN += " SET LOCAL bytea_output = 'hex'; SET LOCAL statement_timeout = 0; SET LOCAL extra_float_digits = 1"

COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname COLLATE "C"
"""
SEQUENCES = """
SELECT s.relname, t.relname FROM pg_class s
    JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass
    JOIN pg_class t ON t.oid = d.refobjid
WHERE s.relkind = 'S' AND s.relnamespace = 'public'::regnamespace
"""


def take(*, url: str, home: Path, target: Path, version: str, seal: Seal | None = None) -> Manifest:
    """Write the backup of the register at `url` and `home` to the file `target`.

    url: for the backup role. Files that are referred to and missing or damaged are named in the manifest as lost.
    """
    with bag.written(target) as archive, psycopg.connect(url) as database:
        secrets = dict(_secrets(archive, home, seal))
        database.isolation_level, database.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        with database.transaction():
            database.execute(PLAIN)
            manifest = _beginning(database, version)
            manifest.secrets, manifest.salt = secrets, seal.salt.hex() if seal else ""
            for name, table in manifest.tables.items():
                _save_table(archive, database, name, table)
            _save_files(archive, home, manifest)
            manifest.lost += _missing(database, home, set(manifest.lost))
        content = manifest.written()
        archive.add(bag.MANIFEST, content)
        archive.add(bag.SEAL_OF_MANIFEST, hashlib.sha256(content).hexdigest().encode())
    return manifest


def _beginning(database: psycopg.Connection[Any], version: str) -> Manifest:
    """The first query: from here on the snapshot stands."""
    migrations: dict[str, list[str]] = {}
    for app, name in database.execute("SELECT app, name FROM django_migrations ORDER BY app, name"):
        migrations.setdefault(app, []).append(name)
    tables = {name: Table(columns) for name, columns in columns_of(database).items() if name not in LEFT_OUT}
    return Manifest(
        senim=version,
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        postgresql=str(database.info.server_version),
        migrations=migrations,
        tables=tables,
        sequences=_sequences(database),
    )


def columns_of(database: psycopg.Connection[Any]) -> dict[str, list[str]]:
    return dict(database.execute(COLUMNS).fetchall())


def _sequences(database: psycopg.Connection[Any]) -> dict[str, tuple[int, bool]]:
    names = [name for name, table in database.execute(SEQUENCES).fetchall() if table not in LEFT_OUT]
    query = sql.SQL("SELECT last_value, is_called FROM {}")
    found = {name: database.execute(query.format(sql.Identifier(name))).fetchone() for name in names}
    return {name: (int(row[0]), bool(row[1])) for name, row in found.items() if row}


def _secrets(archive: bag.Writing, home: Path, seal: Seal | None) -> Iterator[tuple[str, str]]:
    for top in (*GUARD, *SECRETS):
        place = home / top
        files = sorted(place.iterdir()) if place.is_dir() else [place] if place.is_file() else []
        for path in files:
            if not path.name.startswith("."):  # a key that is being made
                name = str(path.relative_to(home))
                content = _unmoved(path)
                if seal and top in SECRETS:
                    content = seal.close(name, content)
                yield name, archive.add(f"secrets/{name}", content)


def _unmoved(path: Path) -> bytes:
    """The content, while nobody writes: who signs holds the lock of the guard until the head is committed."""
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return file.read()


def _save_table(archive: bag.Writing, database: psycopg.Connection[Any], name: str, table: Table) -> None:
    for number, part in enumerate(_parts(database, name, table.columns), start=1):
        table.rows += part.count(b"\n")  # a line feed inside a value is written \n
        packed = gzip.compress(part, compresslevel=4, mtime=0)
        table.parts.append(archive.add(f"database/{name}/{number:06}.copy.gz", packed))


def _parts(database: psycopg.Connection[Any], name: str, columns: list[str]) -> Iterator[bytes]:
    """Whole rows, a few megabytes at a time."""
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(name), listed)
    with database.cursor() as cursor, cursor.copy(query) as rows:
        part = bytearray()
        for row in rows:
            part += row
            if len(part) >= PART_SIZE and part.endswith(b"\n"):
                yield bytes(part)
                part.clear()
        if part:
            yield bytes(part)


def _save_files(archive: bag.Writing, home: Path, manifest: Manifest) -> None:
    store = home / "store"
    for path in sorted_files(store):
        name = f"store/{path.relative_to(store)}"
        if not bag.STORED.fullmatch(name):
            continue  # a file that is still coming in
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
                manifest.lost.append(name)
                continue
        manifest.size += archive.add_file(name, path)
        manifest.files += 1


def sorted_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, one folder in memory at a time."""
    for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
        if entry.is_dir() and not entry.is_symlink():
            yield from sorted_files(entry)
        elif entry.is_file():
            yield entry


def _missing(database: psycopg.Connection[Any], home: Path, known: set[str]) -> list[str]:
    """Files that a row of the snapshot names and the store does not have, rows whose file was erased left out."""
    lost = []
    for table, column in references():
        query = sql.SQL("SELECT DISTINCT organisation_id, {0} FROM {1} WHERE {0} <> '' AND {2} IS NULL")
        erased = ERASED.get((table, column))
        gone = sql.Identifier(erased) if erased else sql.NULL
        with database.cursor(name="referred") as rows:
            rows.execute(query.format(sql.Identifier(column), sql.Identifier(table), gone))
            for organisation_id, sha256 in rows:
                name = f"store/{organisation_id}/{sha256[:2]}/{sha256}"
                if name not in known and not (home / name).is_file():
                    lost.append(name)
    return lost
