"""The only writers of this room: outcomes are handed in when they become known, and withdrawn when they were wrong."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance import store
from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data import receiving
from monitoring.data.ended import refuse_ended
from monitoring.data.faults import Unreadable
from monitoring.data.models import Dataset, Window
from monitoring.data.reader import read_apart
from monitoring.data.refused import FileRefused
from monitoring.engines.late_labels import KNOWN_ON
from monitoring.labels.joining import Asked, Joined, joined_apart
from monitoring.labels.models import Labels
from monitoring.labels.rules import problems_of
from monitoring.shielding.sieve import Rule

NOT_TAKEN_IN = _("The outcomes were not taken in.")


def add(*, by: Actor, window: Window, file: BinaryIO, file_name: str) -> Labels:
    """Take in outcomes of a data period as CSV or Parquet: all of them, or none with every row named that does not fit.

    The file has the columns that the dataset names for the number of the case and the outcome, and may say in
    `known_on` when each became known. What is known already may be repeated.
    Raises NotAllowed, OutOfOrder, RuleBroken, TooLarge, and FileRefused, which its caller notes (monitoring/refusals).
    """
    with acting(by, "labels.added"):
        window = _joinable(by, window)
        before = Labels.objects.newest().filter(window=window).first()
        with tempfile.TemporaryDirectory(prefix="senim-labels-") as folder:
            upload = Path(folder) / "upload"
            source_sha256 = receiving.received(file, upload)
            joined = _joined(window, before, upload, file_name)
            AIModel.objects.select_for_update(no_key=True).get(
                pk=window.model_id
            )  # not before: a file takes its time
            _refuse_overtaken(_joinable(by, window), before)
            stored = store.put(window.organisation_id, joined.path)
        return Labels.objects.create(
            organisation_id=window.organisation_id,
            model_id=window.model_id,
            window_id=window.pk,
            number=Labels.objects.filter(window=window).count() + 1,
            sha256=stored.sha256,
            size=stored.size,
            fresh=joined.fresh,
            labelled=joined.labelled,
            source_name=Path(file_name).name[-200:],
            source_sha256=source_sha256,
            uploaded_by_id=by.person,
        )


def withdraw(*, by: Actor, labels: Labels, reason: str) -> Labels:
    """The latest outcomes of a data period were wrong: they stay on file, and those before them count again.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    reason = reason.strip()
    if not reason:
        raise RuleBroken(_("Say why."), [Problem("reason", _("Say why."))])
    with acting(by, "labels.withdrawn", reason=reason):
        AIModel.objects.select_for_update(no_key=True).get(pk=labels.model_id)
        labels = Labels.objects.select_for_update(of=("self",)).select_related("model").get(pk=labels.pk)
        require(by, "labels.withdraw", labels.model)
        if labels.withdrawn_at is not None:
            raise OutOfOrder(_("These outcomes are withdrawn already."))
        if Labels.objects.newest().get(window_id=labels.window_id).pk != labels.pk:
            raise OutOfOrder(_("Later outcomes rest on these. Withdraw the latest first."))
        labels.withdrawn_at, labels.withdrawn_by_id, labels.withdrawn_reason = (
            timezone.now(),
            by.person,
            reason,
        )
        labels.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        return labels


def _joinable(by: Actor, window: Window) -> Window:
    """The data period as it is now. Raises NotAllowed, OutOfOrder, RuleBroken where nothing can be joined to it."""
    window = Window.objects.select_related("model", "dataset").get(pk=window.pk)
    require(by, "labels.add", window.model)
    if window.model.withdrawn_at or window.withdrawn_at:
        raise OutOfOrder(_("The model or the data period is withdrawn."))
    refuse_ended(window.dataset)
    problems = problems_of(window)
    if problems:
        raise RuleBroken(NOT_TAKEN_IN, problems)
    return window


def _joined(window: Window, before: Labels | None, upload: Path, file_name: str) -> Joined:
    """The file to keep. Raises FileRefused, whose problems name row, column and rule."""
    dataset = window.dataset
    earlier = store.path(window.organisation_id, before.sha256) if before else None
    asked = Asked(
        store.path(window.organisation_id, window.sha256), earlier, dataset.identifier, dataset.label
    )
    try:
        taken = read_apart(
            upload,
            name=file_name,
            required=[dataset.identifier, dataset.label],
            numeric=[],
            into=upload.parent,
            most=settings.SENIM_LARGEST_UPLOAD,
            rule=_rule(dataset),
        )
        return joined_apart(taken, asked)
    except Unreadable as unreadable:
        of_file: dict[str, Any] = {"file_name": Path(file_name).name[-200:], "file": upload}
        raise FileRefused(unreadable, dataset=dataset, message=NOT_TAKEN_IN, **of_file) from unreadable


def _rule(dataset: Dataset) -> Rule:
    """As for the rows themselves: what looks personal is refused, and an identifier that should be a pseudonym and is none."""
    wanted = (dataset.identifier, dataset.label, KNOWN_ON)
    return Rule(wanted, tuple(dataset.looks_personal), dataset.pseudonymous, dataset.pseudonyms)


def _refuse_overtaken(window: Window, before: Labels | None) -> None:
    now = Labels.objects.newest().filter(window=window).first()
    if (now and now.pk) != (before and before.pk):
        raise OutOfOrder(_("Other outcomes of this data period came in meanwhile. Hand the file in again."))
