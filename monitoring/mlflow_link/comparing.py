"""What has become of the versions that were seen: gone, another one under the same number, or other bytes in its files.

MLflow sends no news of an edit or a removal, so each reading compares. It is recorded; nothing of ours is removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.mlflow_link.copying import where
from monitoring.mlflow_link.facts import RemoteVersion
from monitoring.mlflow_link.files import digest_of
from monitoring.mlflow_link.models import Link, Seen
from monitoring.mlflow_link.server import Server

LOOK_AGAIN = timedelta(hours=24)
"""The files of each version are hashed again this often, one version at each reading."""


def compare(by: Actor, link: Link, remotes: Mapping[int, RemoteVersion], seen: Mapping[int, Seen]) -> None:
    """Note what is gone and what is another version than the one that was seen."""
    for number, each in seen.items():
        remote = remotes.get(number)
        if remote is None:
            if each.gone_at is None:
                _note(by, each, gone_at=timezone.now())
        elif each.gone_at is not None:
            _note(by, each, gone_at=None)
        if remote is not None and remote.identity != each.identity:
            _differs(by, each, "identity", each.identity, dict(remote.identity))


def look_again(by: Actor, server: Server, link: Link, seen: Mapping[int, Seen]) -> None:
    """Hash the files of the version that was looked at longest ago, if that is long ago. Raises ServerTrouble."""
    late = [
        each
        for each in seen.values()
        if each.files_sha256 and each.gone_at is None and each.looked_at < timezone.now() - LOOK_AGAIN
    ]
    for each in sorted(late, key=lambda each: each.looked_at)[:1]:
        found = digest_of(server, where(server, link, each.number))
        _note(by, each, looked_at=timezone.now())
        if found != each.files_sha256:
            _differs(by, each, "files", each.files_sha256, found)


def _differs(by: Actor, each: Seen, fact: str, before: object, after: object) -> None:
    if each.changed.get(fact) == [before, after]:
        return
    changed = {**each.changed, fact: [before, after]}
    _note(by, each, changed=changed, changed_at=each.changed_at or timezone.now())


def _note(by: Actor, each: Seen, **values: Any) -> None:
    with acting(by, "mlflow_version.compared"):
        for name, value in values.items():
            setattr(each, name, value)
        each.save(update_fields=list(values))
