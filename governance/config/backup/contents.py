"""What belongs into a backup, and what is left out, with the reason."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.apps import apps

from governance.people.isolated import Isolated

FORMAT = "senim-backup-1"
OURS = ("governance", "monitoring", "audits")

LEFT_OUT = {
    "django_migrations": "made again by migrate; the manifest names the migrations",
    "django_content_type": "made again by migrate; nothing refers to it",
    "auth_permission": "made again by migrate; nothing refers to it",
    "auth_group": "unused",
    "auth_group_permissions": "unused",
    "django_session": "whoever was signed in signs in again",
    "governance_attempt": "failures to sign in count for minutes",
    "monitoring_upload": "files that had not arrived whole are not saved: whoever was sending them begins again",
    "governance_pulse": "signs of life of processes that ended long ago",
}
"""Tables that are not saved."""

SECRETS = ("secret-key", "keys", "demo.json")
"""Files and folders of SENIM_HOME that open something: sealed where a passphrase was given."""

GUARD = ("guard",)
"""The last signed heads of the ledger: read before the database, so that it never remembers more than that holds."""

PASSING = (
    "postgres",
    "valkey",
    "log",
    "beat",
    "static",
    "demo",
    "mail",
    "elsewhere",
    "isolation",
    "tmp",
    "uploads",
    ".used",
    ".restoring",
)
"""What else stands in SENIM_HOME and is made again, or has gone out."""


ERASED = {
    ("monitoring_window", "sha256"): "erased_at",
    ("monitoring_labels", "sha256"): "removed_at",
}
"""Names of files that may outlive the file, and the column that says since when: such a file is not missed."""


class BackupRefused(Exception):
    """The backup cannot be taken, or what is there is no whole backup; the message says why and what to do."""


@dataclass
class Table:
    """columns: in the order of the rows; parts: SHA-256 of each part as it lies in the archive."""

    columns: list[str]
    rows: int = 0
    parts: list[str] = field(default_factory=list)


@dataclass
class Manifest:
    """What a backup holds, as its last but one member says it."""

    senim: str
    taken_at: str
    postgresql: str
    migrations: dict[str, list[str]]
    tables: dict[str, Table] = field(default_factory=dict)
    sequences: dict[str, tuple[int, bool]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    salt: str = ""
    files: int = 0
    size: int = 0
    lost: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=lambda: dict(LEFT_OUT))
    format: str = FORMAT

    @property
    def is_sealed(self) -> bool:
        return bool(self.salt)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False).encode()

    @classmethod
    def read(cls, content: bytes) -> Manifest:
        """Raises BackupRefused for a format that this version does not know."""
        said: dict[str, Any] = json.loads(content)
        if said.get("format") != FORMAT:
            raise BackupRefused(f"This is no {FORMAT}: {said.get('format')!r}")
        tables = {name: Table(**each) for name, each in said.pop("tables").items()}
        sequences = {name: (int(at), bool(used)) for name, (at, used) in said.pop("sequences").items()}
        return cls(tables=tables, sequences=sequences, **said)


def references() -> list[tuple[str, str]]:
    """Tables and columns that name a file of the store: `sha256` of an organisation's row, an artefact, counts of rows."""
    found = [("governance_modelversion", "artefact_sha256"), ("monitoring_window", "kept_sha256")]
    for model in apps.get_models():
        columns = {each.column for each in model._meta.local_concrete_fields}
        if issubclass(model, Isolated) and "sha256" in columns:
            found.append((model._meta.db_table, "sha256"))
    return sorted(found)
