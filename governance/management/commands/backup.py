"""`manage.py backup`: the whole register at one moment, in one file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.config.backup.contents import BackupRefused, Manifest
from governance.config.backup.sealing import Seal
from governance.config.backup.taking import take
from governance.config.context import VERSION
from governance.config.env import EnvironmentRefused, backup_database_url, env
from governance.people import pulse


class Command(BaseCommand):
    help = "Save database, files and keys in one file, while everything runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="a folder that exists, or the file to write")
        parser.add_argument(
            "--passphrase-file", type=Path, help="the keys are sealed with the passphrase in this file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = _file(options["target"])
        if target.exists():
            raise CommandError(f"{target} exists; a backup is never written over another.")
        file = options["passphrase_file"]
        try:
            seal = Seal(file.read_text().strip()) if file else None
            manifest = take(
                url=backup_database_url(), home=env().home, target=target, version=VERSION, seal=seal
            )
        except (BackupRefused, EnvironmentRefused) as refused:
            raise CommandError(str(refused)) from refused
        except (psycopg.Error, OSError) as failed:
            raise CommandError(f"No backup was made: {failed}") from failed
        pulse.felt(pulse.BACKUP)
        self._tell(target, manifest)

    def _tell(self, target: Path, manifest: Manifest) -> None:
        size = target.stat().st_size / 1e6
        self.stdout.write(
            f"{target}: {manifest.rows} rows of {len(manifest.tables)} tables, {manifest.files} files, {size:.1f} MB"
        )
        if not manifest.is_sealed:
            self.stdout.write(
                "The keys lie in it as they are: whoever reads this file can sign in your name. Keep it closed,"
                " or give --passphrase-file."
            )
        if env().is_production:
            self.stdout.write("SENIM_SECRET_KEY and the addresses are not in it: keep them elsewhere.")
        if manifest.lost:
            listed = "\n  ".join(manifest.lost)
            raise CommandError(
                f"The backup is made, but these files are missing or damaged in the store:\n  {listed}"
            )


def _file(target: Path) -> Path:
    """In a folder, a name of the moment."""
    if target.is_dir():
        return target / f"senim-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.tar"
    return target
