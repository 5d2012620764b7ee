"""Where DuckDB lays down what does not fit into its memory: a folder of its own that nobody else may read, gone afterwards.

It lies where `TMPDIR` says, which should be a disk. A process that is killed leaves its folder behind; `sweep` takes it away.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "senim-spill-"
LONGEST = 24 * 3600
"""Seconds after which a folder has been left behind: no run computes so long."""


@contextmanager
def folder() -> Iterator[str]:
    """ "" where nothing may be written, as in a sandbox of the second kind: what does not fit there is refused by DuckDB."""
    made = _made()
    try:
        yield made
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)


def _made() -> str:
    for place in (
        None,
        ".",
    ):  # the usual one of the machine; where a sandbox has none, what may be written there
        with suppress(OSError):
            return str(Path(tempfile.mkdtemp(prefix=PREFIX, dir=place)).absolute())
    return ""


def sweep() -> None:
    """Take away what processes left behind that were killed: it may hold rows of people."""
    before = time.time() - LONGEST
    for each in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if each.lstat().st_mtime < before:
                shutil.rmtree(each, ignore_errors=True)
