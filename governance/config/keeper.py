"""Keeps one Senim running: what dies is started again, embedded servers too."""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread

from governance.config.crew import Crew, Ended
from governance.config.embedded.ground import EmbeddedFailed
from governance.config.env import env

LOOK_EVERY = 0.5

log = logging.getLogger(__name__)


class Keeper(Thread):
    """Looks after a crew until it is told to rest, or until a program or a server cannot be kept running.

    A program ends with the thread that started it (tethered.py), so this one stays until the crew has ended.
    """

    def __init__(self, crew: Crew) -> None:
        super().__init__(daemon=True, name="keeper")
        self.crew = crew
        self.given_up: Ended | None = None
        self.failed: EmbeddedFailed | None = None
        self._resting, self._over, self._hands = Event(), Event(), Lock()

    def run(self) -> None:
        while not self._resting.wait(LOOK_EVERY):
            with self._hands:
                if not self._resting.is_set() and not self._mend():
                    return
        self._over.wait()

    def rest(self) -> None:
        """Start nothing any more. Returns when nothing is being started."""
        self._resting.set()
        with self._hands:
            pass

    def let_go(self) -> None:
        """The crew has ended."""
        self._over.set()

    def _mend(self) -> bool:
        """False when something cannot be kept running."""
        try:
            mend_servers()
        except EmbeddedFailed as failed:
            self.failed = failed
            return False
        self.given_up = self.crew.mend()
        return self.given_up is None


def mend_servers() -> None:
    """Start the embedded servers that have died. Raises EmbeddedFailed."""
    if env().named_database_url is None and not env().servers.postgres.running():
        log.warning("PostgreSQL has died and is started again")
        env().servers.database()
    if env().named_broker_url is None and not env().servers.valkey.running():
        log.warning("Valkey has died and is started again")
        env().servers.broker()
