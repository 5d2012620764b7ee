"""Where the published data sets lie that acceptance tests ask about; they are not part of this project.

SENIM_REFERENCE_DATA names the folder; a relative path starts at the checkout. Without the sets the tests that need them are
skipped and say so, except with SENIM_REQUIRE_REFERENCE_DATA: there they fail.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.ground import CHECKOUT

DATA = CHECKOUT / (os.environ.get("SENIM_REFERENCE_DATA") or "../shared/data")
PUBLISHED = DATA / "references.json"
REQUIRED = os.environ.get("SENIM_REQUIRE_REFERENCE_DATA", "").lower() in {"1", "true", "yes"}

needs_reference_data = pytest.mark.skipif(
    not PUBLISHED.exists() and not REQUIRED, reason=f"the reference data are not at {DATA}"
)


def of_set(name: str) -> Path:
    """A file of the reference data, `folder/file.parquet`. Fails by name where it is missing."""
    path = DATA / name
    if not path.exists():
        pytest.fail(f"the reference data lack {path}")
    return path
