"""Without the published sets the tests that need them say so; where they are required they fail instead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ground import CHECKOUT

NEEDS_THEM = "tests/monitoring/checks/test_employment_figures.py"


@pytest.mark.slow
@pytest.mark.parametrize(("ci", "code", "said"), [("", 0, "SKIPPED"), ("true", 1, "ERROR")])
def test_absent_sets_are_a_reason_to_skip_and_in_ci_to_fail(
    tmp_path: Path, ci: str, code: int, said: str
) -> None:
    asked = [sys.executable, "-m", "pytest", NEEDS_THEM, "-q", "-rsfE", "-p", "no:cacheprovider"]
    environment = {
        **os.environ,
        "SENIM_REFERENCE_DATA": str(tmp_path / "nowhere"),
        "SENIM_REQUIRE_REFERENCE_DATA": ci,
    }

    done = subprocess.run(asked, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, said in done.stdout) == (code, True), done.stdout
    assert str(tmp_path / "nowhere") in done.stdout
