"""A web process whose disk is full: `python -m tests.journeys.cramped_web SESSION TOKEN MODEL`; a line it reads makes room.

Every upload is told as one line of JSON: status, type and words of the answer.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.full_disk import fill

SIZES = {"small": 1 << 10, "large": 5 << 20}
"""Bytes. What is small waits in memory; what is large is written down before any view sees it."""


def main(session: str, token: str, model_id: str) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.utils import timezone

    store = Path(settings.SENIM_HOME) / "store"
    store.mkdir(exist_ok=True)
    make_room = fill(store, room=32 << 20)
    tempfile.tempdir = str(store)
    person = Client(raise_request_exception=False, SERVER_NAME="localhost")
    person.cookies.load({"sessionid": session, "django_language": "ru"})
    machine = Client(
        raise_request_exception=False,
        SERVER_NAME="localhost",
        headers={"Authorization": f"Bearer {token}", "Accept-Language": "kk"},
    )

    def hand_in() -> None:
        for size, length in SIZES.items():
            for client, address in (
                (person, f"/models/{model_id}/documents/add/"),
                (machine, f"/api/v1/models/{model_id}/documents"),
            ):
                paper = SimpleUploadedFile("card.md", b"#" * length, "text/markdown")
                said = {"title": f"Card {size} {address[:5]}", "kinds": ["model_card"], "language": "en"}
                said["effective_on"] = timezone.localdate().isoformat()
                answer = client.post(address, {**said, "file": paper})
                told = {"size": size, "status": answer.status_code, "type": answer["Content-Type"]}
                print(json.dumps({**told, "words": answer.content.decode()}), flush=True)

    hand_in()
    for _line in sys.stdin:
        make_room()
        hand_in()


if __name__ == "__main__":
    main(*sys.argv[1:])
