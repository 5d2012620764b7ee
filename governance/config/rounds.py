"""The clock's rounds (beat), which go on when the machine's own clock is set back.

Celery counts them by the time of day: set back by an hour, it would be silent for an hour, and nobody would ring for what a
dead worker left behind.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

log = logging.getLogger(__name__)


class Rounds(PersistentScheduler):
    """Celery's own clock; a round that was made in the future is made again at once."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Seconds until it should be asked again."""
        ahead = [
            entry
            for entry in self.schedule.values()
            if entry.last_run_at is not None and entry.last_run_at > entry.default_now()
        ]
        if ahead:
            log.warning("the machine's clock was set back; the rounds are counted anew")
            for entry in ahead:
                entry.last_run_at = entry.default_now() - timedelta(days=1)
            self._heap = None
        return float(super().tick(*args, **kwargs))

    def adjust(self, n: float | None, drift: float = 0.0) -> float:
        """Wake up when a round is due: Celery does ten milliseconds before it, and asks without a pause until then."""
        return (n or 0.0) + drift
