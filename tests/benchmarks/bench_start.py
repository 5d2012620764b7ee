"""How long Senim takes to be there: the embedded servers, and a process that only serves pages."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from governance.config.embedded.postgres import EmbeddedPostgres
from governance.config.embedded.valkey import EmbeddedValkey
from governance.config.env import CHECKOUT
from governance.config.measuring import Figure, median_seconds


def bench_embedded_servers() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="senim-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        valkey = EmbeddedValkey(Path(folder) / "valkey")
        try:
            begun = time.perf_counter()
            postgres.ensure()
            yield Figure("postgres_first_start", time.perf_counter() - begun, "s", goal=5)
            yield Figure(
                "postgres_already_there", 1000 * median_seconds(postgres.ensure, times=50), "ms", goal=5
            )
            yield Figure("postgres_restart", median_seconds(lambda: _restart(postgres), times=3), "s", goal=2)
            yield Figure("valkey_restart", median_seconds(lambda: _restart(valkey), times=5), "s", goal=0.5)
        finally:
            postgres.discard()
            valkey.discard()


def bench_light_process() -> Iterator[Figure]:
    """A web process, beat or a `default` worker: Django with everything that pages need, no science library."""
    setup = [sys.executable, "-c", "import django; django.setup()"]

    def run() -> None:
        subprocess.run(setup, cwd=CHECKOUT, check=True)

    yield Figure("light_process_start", median_seconds(run, times=3), "s", goal=4)


def _restart(server: EmbeddedPostgres | EmbeddedValkey) -> None:
    server.stop()
    server.ensure()
