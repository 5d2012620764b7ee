"""`manage.py restore`: a backup, put back where nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from governance.config.backup import bag, putting_back
from governance.config.backup.contents import BackupRefused, Manifest
from governance.config.backup.sealing import Seal
from governance.config.env import database_urls, env


class Command(BaseCommand):
    help = "Put a backup back into an empty SENIM_HOME and an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="the file that `backup` wrote")
        parser.add_argument("--passphrase-file", type=Path, help="where the backup's keys are sealed")
        parser.add_argument("--check", action="store_true", help="only compare the file with its manifest")

    def handle(self, *args: Any, **options: Any) -> None:
        source, file = options["source"], options["passphrase_file"]
        try:
            manifest = bag.manifest_of(source)
            seal = _seal(manifest, file.read_text().strip() if file else "")
            if not options["check"]:
                self._restore(source, manifest, seal)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        except (psycopg.Error, OSError) as failed:
            raise CommandError(f"Nothing was restored: {failed}") from failed
        self._tell(manifest, only_checked=options["check"])

    def _restore(self, source: Path, manifest: Manifest, seal: Seal | None) -> None:
        if manifest.is_sealed and seal is None:
            raise BackupRefused("The keys of this backup are sealed: give --passphrase-file.")
        putting_back.refuse_other_migrations(manifest)
        url = database_urls().owner
        putting_back.refuse_unless_empty(env().home, url)
        call_command("migrate", interactive=False, verbosity=0)
        connections.close_all()
        putting_back.put_back(source=source, manifest=manifest, home=env().home, url=url, seal=seal)

    def _tell(self, manifest: Manifest, *, only_checked: bool) -> None:
        done = "is whole" if only_checked else "is restored"
        self.stdout.write(
            f"The backup of {manifest.taken_at} (Senim {manifest.senim}) {done}:"
            f" {manifest.rows} rows of {len(manifest.tables)} tables, {manifest.files} files."
        )
        if not only_checked:
            self.stdout.write(
                "Everybody signs in again. Each organisation's ledger says that it was restored."
            )
        for name in manifest.lost:
            self.stdout.write(f"{name} was missing or damaged already when the backup was taken.")


def _seal(manifest: Manifest, passphrase: str) -> Seal | None:
    if not manifest.is_sealed or not passphrase:
        return None
    return Seal(passphrase, bytes.fromhex(manifest.salt))
