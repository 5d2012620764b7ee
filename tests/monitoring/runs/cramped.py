"""A worker whose disk is full: `python -m tests.monitoring.runs.cramped RUN`; each line it reads makes room and tries again."""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

from tests.full_disk import fill


def main(run_id: UUID) -> None:
    import django

    django.setup()
    from django.conf import settings

    from monitoring.runs import services as runs

    make_room = fill(Path(settings.SENIM_HOME) / "store")
    runs.work(run_id)
    print("tried", flush=True)
    for _line in sys.stdin:
        make_room()
        runs.work(run_id)
        print("tried", flush=True)


if __name__ == "__main__":
    main(UUID(sys.argv[1]))
