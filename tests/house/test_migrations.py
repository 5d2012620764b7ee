"""Migrations say everything, hold no application code and no law."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.ground import CHECKOUT

MIGRATIONS = [
    path
    for app in ("governance", "monitoring", "audits")
    for path in (CHECKOUT / app / "migrations").glob("0*.py")
]


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", "--skip-checks", verbosity=0)


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_migration_imports_no_application_code(path):
    imports = [line for line in path.read_text().splitlines() if line.startswith(("import ", "from "))]
    assert [
        line for line in imports if line.split()[1].startswith(("governance", "monitoring", "audits"))
    ] == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_migration_says_in_its_name_what_it_does(path):
    assert not path.stem.endswith(("_initial", "_auto"))
