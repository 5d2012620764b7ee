"""What is kept of the data periods of a run, and the baseline that its result names."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from governance import store
from governance.inventory.models import ModelVersion
from governance.people.acting import current_actor, viewing
from governance.people.actor import Actor
from monitoring.baselines.models import Attribution, Baseline, Scan
from monitoring.checks.check import Inputs
from monitoring.data.models import MadeOf, Window
from monitoring.engines.counted.editions import VERSION


def baseline_of(reference: Window) -> Baseline | None:
    """The one that is kept, asked in the name of whoever acts here, or of the worker whose run it is."""
    asking = current_actor() or Actor.system("checks worker", reference.organisation_id)
    with viewing(asking):
        found: Baseline | None = Baseline.objects.filter(window=reference, edition=VERSION).first()
        return found


def with_scan(by: Actor, inputs: Inputs, reference: Window, current: Window) -> Inputs:
    """With what a pass over the current data period has found before; otherwise what is made now is to be given back.

    Raises store.Damaged.
    """
    with viewing(by):
        kept = Scan.objects.filter(window=current, baseline__window=reference, baseline__edition=VERSION)
        scan = kept.first()
    if scan is None or inputs.baseline is None:
        return replace(inputs, keeps=True)
    return replace(inputs, scan=store.path(scan.organisation_id, scan.sha256))


def with_attribution(by: Actor, inputs: Inputs, reference: Window, version: ModelVersion, key: str) -> Inputs:
    """With what the version's answers rested on in the reference; otherwise what is made now is to be given back.

    A file that is missing or damaged is made again: the same figures have the same digest.
    """
    with viewing(by):
        kept = Attribution.objects.filter(window=reference, version=version, key=key).first()
    if kept is not None:
        with suppress(store.Damaged):
            return replace(inputs, attribution=store.path(kept.organisation_id, kept.sha256))
    return replace(inputs, keeps=True)


def can_be_frozen(reference: Window | None, current: Window) -> bool:
    """Counts instead of rows are a baseline already, those that stay of erased rows as well."""
    if reference is None or reference.is_erased or current.is_erased:
        return False
    return {reference.made_of, current.made_of} == {MadeOf.ROWS}
