"""Small rooms: nothing written by hand grows past one sitting's reading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.ground import CHECKOUT

PLACES = ("governance", "monitoring", "audits", "tests", "templates")
LONGEST = {".py": 300, ".html": 80, ".css": 300, ".js": 300}
LONGEST_TEST = 400
LONGEST_OF_ITS_OWN = {"audits/packs/verify.py": 500}
"""The verifier of a pack is one file, because an auditor has to be able to read all that they run."""
READING = re.compile(r"os\.environ\.(get|items|copy)|os\.environ\[[^]]+\](?!\s*=)|os\.getenv")
ATTICS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "handler",
    "handlers",
}


def written_by_hand() -> list[Path]:
    files = [path for place in PLACES for path in (CHECKOUT / place).rglob("*") if path.suffix in LONGEST]
    return [path for path in files if not {"migrations", "vendor", "__pycache__"} & set(path.parts)]


def limit(path: Path) -> int:
    name = str(path.relative_to(CHECKOUT))
    if name in LONGEST_OF_ITS_OWN:
        return LONGEST_OF_ITS_OWN[name]
    return LONGEST_TEST if path.is_relative_to(CHECKOUT / "tests") else LONGEST[path.suffix]


def test_no_file_is_longer_than_its_kind_allows():
    lengths = {path: len(path.read_text().splitlines()) for path in written_by_hand()}
    assert {str(p.relative_to(CHECKOUT)): n for p, n in lengths.items() if n > limit(p)} == {}


def test_no_file_is_named_for_nothing():
    assert [str(p.relative_to(CHECKOUT)) for p in written_by_hand() if p.stem in ATTICS] == []


def test_the_top_level_is_the_customers():
    usual = {"docs", "locale", "var"}
    folders = {
        p.name for p in CHECKOUT.iterdir() if p.is_dir() and not p.name.startswith((".", "__"))
    } - usual
    assert {p for p in folders if not p.endswith(".egg-info")} == set(PLACES)


@pytest.mark.parametrize("app", ["governance", "monitoring", "audits"])
def test_only_the_settings_read_the_environment(app):
    readers = {
        str(path.relative_to(CHECKOUT))
        for path in (CHECKOUT / app).rglob("*.py")
        if READING.search(path.read_text())
    }
    # The bootstrap runs before there is anything to import.
    assert readers - {"governance/config/env.py", "governance/config/bootstrap.py"} == set()
