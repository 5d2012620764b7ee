"""Signs of life: the clock rings each queue, and whoever serves it notes that it lives, and the clock with it."""

from __future__ import annotations

from celery import shared_task

from governance.people import pulse


@shared_task(name="governance.config.pulse.feel")
def feel(queue: str) -> None:
    pulse.felt(queue, pulse.CLOCK)
