"""The embedded servers of one SENIM_HOME, and who still uses them.

Every process that asks for a server holds a shared lock on one file until it ends (the kernel releases it
even after a kill -9). Whoever stops the servers first tries to turn its own lock into the exclusive one:
while a second `up`, a shell or a test run lives, that fails and the servers stay.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from governance.config.embedded.cluster import Cluster
from governance.config.embedded.ground import EmbeddedFailed
from governance.config.embedded.postgres import EmbeddedPostgres
from governance.config.embedded.valkey import EmbeddedValkey


class Servers:
    """PostgreSQL and Valkey under `home`. Nothing starts before it is asked for."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = Path(home).absolute()
        self.postgres = EmbeddedPostgres(self.home / "postgres", durable=durable)
        self.valkey = EmbeddedValkey(self.home / "valkey")
        self._use: int | None = None

    def database(self) -> Cluster:
        self._join()
        return self.postgres.ensure()

    def broker(self) -> str:
        self._join()
        return self.valkey.ensure()

    def stop_unless_used(self) -> bool:
        """Stop both if no other process uses them; says whether they were stopped."""
        use = self._join()
        try:
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        try:
            self.stop()  # a newcomer waits in _join until we are done, and then starts them anew
        finally:
            self._leave()
        return True

    def stop(self) -> None:
        """Stop both, whoever uses them."""
        self.valkey.stop()
        self.postgres.stop()

    def discard(self) -> None:
        """Stop both and delete their data."""
        self.valkey.discard()
        self.postgres.discard()

    def _join(self) -> int:
        if self._use is None:
            try:
                self.home.mkdir(parents=True, exist_ok=True)
                self._use = os.open(self.home / ".used", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except PermissionError as refused:
                raise EmbeddedFailed(
                    f"{self.home} belongs to another account. Set SENIM_HOME to a folder of your own."
                ) from refused
            fcntl.flock(self._use, fcntl.LOCK_SH)
        return self._use

    def _leave(self) -> None:
        if self._use is not None:
            os.close(self._use)
            self._use = None
