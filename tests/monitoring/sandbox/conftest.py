from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitoring.sandbox.levels import SANDBOXES
from monitoring.sandbox.limits import Limits
from monitoring.sandbox.running import Answer, Sandbox

HOSTILE = "tests.monitoring.sandbox.hostile"
LIMITS = Limits(memory=256 << 20, cpu=5, wall=20)

Run = Callable[..., Answer]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A template that has imported the hostile jobs and no library."""
    with Sandbox([HOSTILE, "monitoring.sandbox.attempts"], {}) as light:
        yield light


@pytest.fixture(params=SANDBOXES)
def run(request, sandbox) -> Run:
    """Runs a hostile job at each level that is a sandbox."""

    def ask(job: str, params: Any = None, *, files: dict[str, Path] | None = None, **said: Any) -> Answer:
        limits = replace(LIMITS, **{key: said.pop(key) for key in ("cpu", "wall", "memory") if key in said})
        return sandbox.run(
            f"{HOSTILE}:{job}", files=files or {}, params=params, level=request.param, limits=limits, **said
        )

    return ask


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.txt"
    path.write_text("rows")
    return path


def is_root() -> bool:
    return os.geteuid() == 0
