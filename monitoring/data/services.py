"""The only writers of this room: what the columns mean (`describing.py`), the data periods handed in, and which newer
reference counts (`accepting.py`).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance import store
from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data import receiving, references
from monitoring.data.accepting import accept_reference as accept_reference
from monitoring.data.accepting import decline_reference as decline_reference
from monitoring.data.accepting import refuse_not_waiting as refuse_not_waiting
from monitoring.data.describing import describe as describe
from monitoring.data.ended import refuse_ended
from monitoring.data.intake import Intake
from monitoring.data.models import Dataset, MadeOf, Part, Window
from monitoring.shielding.rightful import grounds_of, rightful
from monitoring.shielding.rules import NO_GROUNDS, Grounds


@dataclass(frozen=True)
class Said:
    """What a person says of a data period. corrects: the wrong one that it takes the place of."""

    name: str
    part: str
    starts_on: date | None = None
    ends_on: date | None = None
    corrects: Window | None = None
    reason: str = ""
    grounds: Grounds = NO_GROUNDS


def add_window(
    *,
    by: Actor,
    dataset: Dataset,
    name: str,
    part: str,
    file: BinaryIO,
    file_name: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    legal_basis: str = "",
    basis_text: str = "",
    keep_until: date | None = None,
) -> Window:
    """Take in a data period as CSV, Parquet or a document of counts: whole, or with every fault named and nothing kept.

    A reference after the first of its dataset counts only once the second line has accepted it (`accepting.py`).
    Where the dataset has a column of the time, dates that are not said are read from it. Rows that are personal data or a bank
    secret need a legal basis, its words and the day on which they are erased; counts need none of these.
    Raises NotAllowed, OutOfOrder, RuleBroken, TooLarge.
    """
    grounds = Grounds.of(legal_basis, basis_text, keep_until)
    said = Said(name.strip(), part, starts_on, ends_on, grounds=grounds)
    with acting(by, "window.added"):
        return _handed_in(by, dataset, said, file, Path(file_name).name[-200:])


def correct_window(
    *,
    by: Actor,
    window: Window,
    reason: str,
    file: BinaryIO,
    file_name: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    legal_basis: str = "",
    basis_text: str = "",
    keep_until: date | None = None,
) -> Window:
    """Hand in the right file in place of a wrong one of the same name, which is withdrawn; both stay on file.

    A basis that is not said is that of the wrong one. When the right file is refused, the wrong one still stands.
    Raises NotAllowed, OutOfOrder, RuleBroken, TooLarge.
    """
    grounds = Grounds.of(legal_basis, basis_text, keep_until) or grounds_of(window)
    said = Said(window.name, window.part, starts_on, ends_on, window, _reason_given(reason), grounds)
    with acting(by, "window.corrected", reason=said.reason):
        dataset = Dataset.objects.get(pk=window.dataset_id)
        return _handed_in(by, dataset, said, file, Path(file_name).name[-200:])


def withdraw_window(*, by: Actor, window: Window, reason: str) -> Window:
    """A data period was handed in by mistake: it stays on file and counts no more.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    reason = _reason_given(reason)
    with acting(by, "window.withdrawn", reason=reason):
        _locked(window.model_id)
        return _withdrawn(by, window, reason)


def _handed_in(by: Actor, dataset: Dataset, said: Said, file: BinaryIO, file_name: str) -> Window:
    _refuse(by, dataset, said)
    with tempfile.TemporaryDirectory(prefix="senim-window-") as folder:
        source_sha256 = receiving.received(file, Path(folder) / "upload")
        is_rows = not receiving.is_document(Path(folder) / "upload", file_name)
        grounds = rightful(dataset, said.grounds) if is_rows else NO_GROUNDS
        taken = receiving.taken_in(dataset, said.part, Path(folder), file_name)
        said = _dated(said, taken)
        _locked(dataset.model_id)  # not before: reading a large file may take minutes
        _refuse(by, dataset, said)
        corrected = _withdrawn(by, said.corrects, said.reason) if said.corrects else None
        stored = store.put(dataset.organisation_id, taken.path)
    return Window.objects.create(
        organisation_id=dataset.organisation_id,
        model_id=dataset.model_id,
        dataset_id=dataset.pk,
        name=said.name,
        part=said.part,
        made_of=taken.source_format if taken.source_format == MadeOf.COUNTS else MadeOf.ROWS,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        sha256=stored.sha256,
        size=stored.size,
        rows=taken.rows,
        columns=[column.as_dict() for column in taken.columns],
        source_name=file_name,
        source_sha256=source_sha256,
        counted_sha256=taken.counted,
        signature=taken.signature,
        signed_with_id=taken.signed_with,
        uploaded_by_id=by.person,
        acceptance=references.acceptance_of_new(dataset, said.part),
        corrects=corrected,
        **grounds.as_fields(),
    )


def _withdrawn(by: Actor, window: Window, reason: str) -> Window:
    """The right is judged and the row changed under the lock of its model."""
    window = Window.objects.select_for_update(of=("self",)).select_related("model").get(pk=window.pk)
    require(by, "window.withdraw", window.model)
    _refuse_gone(window)
    window.withdrawn_at, window.withdrawn_by_id, window.withdrawn_reason = timezone.now(), by.person, reason
    window.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    return window


def _dated(said: Said, taken: Intake) -> Said:
    """The dates that the rows themselves tell. Raises RuleBroken where the rows leave the period that was said."""
    if not taken.first:
        return said
    first, last = date.fromisoformat(taken.first), date.fromisoformat(taken.last)
    problems = []
    if said.starts_on and first < said.starts_on:
        what = _("The file holds rows from %(first)s on, before the period starts.") % {"first": first}
        problems.append(Problem("starts_on", what))
    if said.ends_on and last > said.ends_on:
        what = _("The file holds rows up to %(last)s, after the period ends.") % {"last": last}
        problems.append(Problem("ends_on", what))
    if problems:
        raise RuleBroken(_("The data period was not taken in."), problems)
    return replace(said, starts_on=said.starts_on or first, ends_on=said.ends_on or last)


def _reason_given(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(_("Say why."), [Problem("reason", _("Say why."))])
    return reason.strip()


def _locked(model_id: UUID) -> AIModel:
    model: AIModel = AIModel.objects.select_for_update(no_key=True).get(pk=model_id)
    return model


def _refuse_withdrawn(model: AIModel) -> None:
    if model.withdrawn_at is not None:
        raise OutOfOrder(_("The model is withdrawn."))


def _refuse_gone(window: Window) -> None:
    if window.withdrawn_at is not None:
        raise OutOfOrder(_("This data period is withdrawn already."))


def _refuse(by: Actor, dataset: Dataset, said: Said) -> None:
    """Everything that can be wrong before the file is looked at. Raises NotAllowed, OutOfOrder, RuleBroken."""
    model = AIModel.objects.get(pk=dataset.model_id)
    require(by, "window.add", model)
    _refuse_withdrawn(model)
    refuse_ended(Dataset.objects.get(pk=dataset.pk))
    if said.corrects:
        require(by, "window.withdraw", model)
        _refuse_gone(Window.objects.get(pk=said.corrects.pk))
    problems = _problems_of_window(dataset, said)
    if problems:
        raise RuleBroken(_("The data period was not taken in."), problems)


def _problems_of_window(dataset: Dataset, said: Said) -> list[Problem]:
    problems = []
    same = Window.objects.standing().filter(dataset=dataset, name=said.name)
    if said.corrects:
        same = same.exclude(pk=said.corrects.pk)
    if not said.name or len(said.name) > 80:
        problems.append(Problem("name", _("A data period needs a name of at most 80 characters.")))
    elif same.exists():
        problems.append(Problem("name", _("This dataset already has a data period of that name.")))
    if said.part not in Part.values:
        problems.append(Problem("part", _("A data period is either reference or current.")))
    if said.starts_on and said.ends_on and said.ends_on < said.starts_on:
        problems.append(Problem("ends_on", _("The period ends before it starts.")))
    return problems
