"""The only writers of this room: what the columns mean, and the data periods handed in."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance import store
from governance.errors import NotAllowed, OutOfOrder, Problem, RuleBroken, TooLarge
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data.faults import Unreadable
from monitoring.data.intake import Intake
from monitoring.data.models import Dataset, Part, Window
from monitoring.data.reader import read_apart
from monitoring.data.roles import Roles
from monitoring.data.words import problem

CHUNK = 1 << 20


def describe(
    *,
    by: Actor,
    model: AIModel,
    name: str,
    features: Sequence[str],
    categorical: Sequence[str] = (),
    sensitive: Sequence[str] = (),
    label: str = "",
    prediction: str = "",
    score: str = "",
    identifier: str = "",
    favourable: str = "1",
) -> Dataset:
    """Say what the columns of a model's data mean. Raises NotAllowed, OutOfOrder, RuleBroken."""
    roles = Roles.of(
        features=features,
        categorical=categorical,
        sensitive=sensitive,
        label=label,
        prediction=prediction,
        score=score,
        identifier=identifier,
        favourable=favourable,
    )
    name = name.strip()
    with acting(by, "dataset.described"):
        model = _locked(model.pk)
        require(by, "dataset.describe", model)
        _refuse_withdrawn(model)
        problems = roles.problems()
        if not name or len(name) > 80:
            problems.append(Problem("name", _("A dataset needs a name of at most 80 characters.")))
        elif Dataset.objects.filter(model=model, name=name).exists():
            problems.append(Problem("name", _("This model already has a dataset of that name.")))
        if problems:
            raise RuleBroken(_("The dataset was not described."), problems)
        return Dataset.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            name=name,
            described_by_id=_person(by),
            **roles.as_fields(),
        )


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
) -> Window:
    """Take in a data period as CSV or Parquet: whole, or with every broken row and column named and nothing kept.

    Raises NotAllowed, OutOfOrder, RuleBroken, TooLarge.
    """
    name, file_name = name.strip(), Path(file_name).name[-200:]
    with acting(by, "window.added"):
        _refuse(by, dataset, name, part, starts_on, ends_on)
        with tempfile.TemporaryDirectory(prefix="senim-window-") as folder:
            source_sha256 = _received(file, Path(folder) / "upload")
            taken = _taken_in(dataset, Path(folder), file_name)
            _locked(dataset.model_id)  # not before: reading a large file may take minutes
            _refuse(by, dataset, name, part, starts_on, ends_on)
            stored = store.put(dataset.organisation_id, taken.path)
        return Window.objects.create(
            organisation_id=dataset.organisation_id,
            model_id=dataset.model_id,
            dataset_id=dataset.pk,
            name=name,
            part=part,
            starts_on=starts_on,
            ends_on=ends_on,
            sha256=stored.sha256,
            size=stored.size,
            rows=taken.rows,
            columns=[column.as_dict() for column in taken.columns],
            source_name=file_name,
            source_sha256=source_sha256,
            uploaded_by_id=_person(by),
        )


def withdraw_window(*, by: Actor, window: Window) -> Window:
    """A data period was handed in by mistake: it stays on file and counts no more. Raises NotAllowed, OutOfOrder."""
    with acting(by, "window.withdrawn"):
        model = _locked(window.model_id)
        require(by, "window.withdraw", model)
        window = Window.objects.select_for_update().get(pk=window.pk)
        if window.withdrawn_at is not None:
            raise OutOfOrder(_("This data period is withdrawn already."))
        window.withdrawn_at = timezone.now()
        window.save(update_fields=["withdrawn_at"])
        return window


def _locked(model_id: UUID) -> AIModel:
    model: AIModel = AIModel.objects.select_for_update().get(pk=model_id)
    return model


def _person(by: Actor) -> UUID:
    """Who answers for it: the person, or the one who issued the token."""
    if by.user_id is None:
        raise NotAllowed
    return by.user_id


def _refuse_withdrawn(model: AIModel) -> None:
    if model.withdrawn_at is not None:
        raise OutOfOrder(_("The model is withdrawn."))


def _refuse(
    by: Actor, dataset: Dataset, name: str, part: str, starts_on: date | None, ends_on: date | None
) -> None:
    """Everything that can be wrong before the file is looked at. Raises NotAllowed, OutOfOrder, RuleBroken."""
    model = AIModel.objects.get(pk=dataset.model_id)
    require(by, "window.add", model)
    _refuse_withdrawn(model)
    problems = _problems_of_window(dataset, name, part, starts_on, ends_on)
    if problems:
        raise RuleBroken(_("The data period was not taken in."), problems)


def _problems_of_window(
    dataset: Dataset, name: str, part: str, starts_on: date | None, ends_on: date | None
) -> list[Problem]:
    problems = []
    if not name or len(name) > 80:
        problems.append(Problem("name", _("A data period needs a name of at most 80 characters.")))
    elif Window.objects.filter(dataset=dataset, name=name).exists():
        problems.append(Problem("name", _("This dataset already has a data period of that name.")))
    if part not in Part.values:
        problems.append(Problem("part", _("A data period is either reference or current.")))
    if starts_on and ends_on and ends_on < starts_on:
        problems.append(Problem("ends_on", _("The period ends before it starts.")))
    return problems


def _received(file: BinaryIO, place: Path) -> str:
    """Copy the upload to a file of ours and return its digest. Raises TooLarge."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    with place.open("wb") as copy:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > settings.SENIM_LARGEST_UPLOAD:
                raise TooLarge
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


def _taken_in(dataset: Dataset, folder: Path, file_name: str) -> Intake:
    """The canonical file in `folder`. Raises RuleBroken, whose problems name row, column and rule."""
    most = settings.SENIM_LARGEST_UPLOAD
    numeric = [*(name for name in dataset.features if name not in dataset.categorical), dataset.score]
    try:
        return read_apart(
            folder / "upload",
            name=file_name,
            required=dataset.required_columns,
            numeric=[name for name in numeric if name],
            into=folder,
            most=most,
        )
    except Unreadable as unreadable:
        raise RuleBroken(
            _("The data period was not taken in."), [problem(fault) for fault in unreadable.faults]
        ) from unreadable
