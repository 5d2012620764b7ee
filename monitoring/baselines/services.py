"""The only writer of this room: what a worker has made of data periods is kept, so that it is made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from governance import store
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.baselines.models import Attribution, Baseline, Scan
from monitoring.counting.documents import canonical
from monitoring.data.models import Window
from monitoring.engines.counted.editions import VERSION


def keep(*, by: Actor, reference: Window, current: Window, made: Mapping[str, str]) -> bool:
    """Keep a baseline and what a pass over the current data period found, where nothing is kept of them yet.

    made: {"baseline", "scan"}, the text of each. False, and nothing written, where another baseline of this reference was kept
    in the meantime: what was measured over ours is measured again over that one. Raises NotAllowed, OSError.
    """
    with acting(by, "baseline.kept", quiet=True):
        _require(by, reference)
        frozen = store.put(reference.organisation_id, made["baseline"].encode())
        ours = Baseline(window=reference, edition=VERSION, **_of(reference, frozen))
        baseline = _first(ours, Baseline.objects.filter(window=reference, edition=VERSION))
        if baseline.sha256 != frozen.sha256:
            return False
        found = store.put(current.organisation_id, made["scan"].encode())
        scan = Scan(window=current, baseline=baseline, **_of(current, found))
        _first(scan, Scan.objects.filter(window=current, baseline=baseline))
    return True


def keep_attribution(
    *, by: Actor, reference: Window, version: ModelVersion, key: str, made: Mapping[str, Any]
) -> None:
    """Keep what a version's answers rested on in its reference; what is there of the same key stays.

    Raises NotAllowed, OSError.
    """
    with acting(by, "attribution.kept", quiet=True):
        _require(by, reference)
        stored = store.put(reference.organisation_id, canonical(made))
        ours = Attribution(window=reference, version=version, key=key, **_of(reference, stored))
        _first(ours, Attribution.objects.filter(window=reference, version=version, key=key))


def _require(by: Actor, reference: Window) -> None:
    """One after the other with the erasing of rows, which removes files that no row names."""
    require(by, "baseline.keep", reference)
    AIModel.objects.select_for_update(no_key=True).get(pk=reference.model_id)


def _of(window: Window, stored: store.Stored) -> dict[str, Any]:
    return {
        "organisation_id": window.organisation_id,
        "model_id": window.model_id,
        "sha256": stored.sha256,
        "size": stored.size,
    }


def _first(row: Any, same: QuerySet[Any]) -> Any:
    """The row that was there first: the constraint lets one through, however many workers keep the same."""
    there = same.first()
    if there is None:
        type(row).objects.bulk_create([row], ignore_conflicts=True)
        there = same.get()
    return there
