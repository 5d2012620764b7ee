"""An upload becomes the file that is kept: rows as canonical Parquet, or counts as a canonical document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from governance import store
from governance.errors import OutOfOrder, TooLarge
from governance.inventory.models import ModelVersion
from monitoring.counting import documents
from monitoring.counting.apart import cells_apart
from monitoring.counting.plans import Cells, cells_of
from monitoring.counting.plans import plan as written
from monitoring.data import counts_faults, log_rows, references
from monitoring.data.faults import Unreadable, broken
from monitoring.data.intake import Column, Intake
from monitoring.data.json_reading import is_json
from monitoring.data.models import Dataset, MadeOf, Part
from monitoring.data.reader import read_apart
from monitoring.data.refused import FileRefused
from monitoring.engines.own_process import TookTooMuch
from monitoring.engines.roles import there
from monitoring.shielding.sieve import Rule
from monitoring.signers.verifying import opened

CHUNK = 1 << 20


def received(file: BinaryIO, place: Path) -> str:
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


def taken_in(dataset: Dataset, part: str, folder: Path, file_name: str) -> Intake:
    """The canonical file in `folder`. Raises FileRefused, whose problems name row, column and rule."""
    upload = folder / "upload"
    try:
        if is_document(upload, file_name):
            return _counts(dataset, part, upload, file_name)
        return _rows(dataset, part, upload, file_name)
    except Unreadable as unreadable:
        raise FileRefused(unreadable, dataset=dataset, file_name=file_name, file=upload) from unreadable


def plan_of_counts(dataset: Dataset, part: str = Part.CURRENT) -> dict[str, Any]:
    """What `senim count` counts for this dataset: over the cells that its reference froze, where there is one.

    part: a reference is cut anew. Raises OutOfOrder.
    """
    if dataset.is_log:
        raise OutOfOrder(_("A log is handed in as rows: there is nothing to count instead."))
    frozen = _frozen(dataset) if part == Part.CURRENT else None
    return written(
        None if frozen is None else list(frozen.columns.values()),
        features=dataset.features,
        categorical=dataset.categorical,
        sensitive=dataset.counted_groups,
        label=dataset.label,
        prediction=dataset.prediction,
        favourable=dataset.favourable,
        score=dataset.score,
        roles=None if frozen is None or frozen.roles is None else list(frozen.roles.values()),
        declared=tuple(dataset.looks_personal),
    )


def is_document(upload: Path, file_name: str) -> bool:
    """Whether an upload is counts instead of rows."""
    with upload.open("rb") as file:
        head = file.read(4096).lstrip()
    if is_json(head, file_name):
        return False
    return file_name.lower().endswith(".json") or head.startswith(b"{")


def _rows(dataset: Dataset, part: str, upload: Path, file_name: str) -> Intake:
    taken = read_apart(
        upload,
        name=file_name,
        required=dataset.needed_columns(part),
        numeric=dataset.number_columns,
        time=dataset.time,
        rule=_rule(dataset),
        texts=dataset.text_columns,
        into=upload.parent,
        most=settings.SENIM_LARGEST_UPLOAD,
    )
    if dataset.is_log:
        log_rows.refuse(dataset, taken)
    return taken


def _rule(dataset: Dataset) -> Rule:
    """What somebody reads is stored: the columns that have a role, and those that an artefact of the model reads."""
    versions = ModelVersion.objects.filter(model_id=dataset.model_id, withdrawn_at=None)
    read = [name for features in versions.values_list("features", flat=True) for name in features]
    return Rule(
        tuple(dict.fromkeys([*dataset.required_columns, *read])),
        tuple(dataset.looks_personal),
        dataset.pseudonymous,
        dataset.pseudonyms,
        dataset.columns_of_people,
    )


def _counts(dataset: Dataset, part: str, upload: Path, file_name: str) -> Intake:
    if dataset.is_log:
        raise broken("log_as_counts")
    if upload.stat().st_size > documents.LARGEST:
        raise broken("counts_too_large", found=upload.stat().st_size, limit=documents.LARGEST)
    signed = opened(dataset.organisation_id, counts_faults.parsed(upload.read_bytes()))
    document = signed.document
    frozen = _frozen(dataset) if part == Part.CURRENT else None
    expected = counts_faults.Expected(
        dataset.features,
        dataset.categorical,
        dataset.counted_groups,
        dataset.favourable,
        frozen.columns if frozen else None,
        there(dataset.own_columns),
        frozen.roles if frozen else None,
        tuple(dataset.looks_personal),
    )
    counts_faults.refuse(document, expected)
    content = documents.canonical(document)
    path = upload.parent / "counts"
    path.write_bytes(content)
    told = [*document["columns"], *document.get("roles", [])]
    columns = [_column(each, document.get("explanation")) for each in told]
    digest = hashlib.sha256(content).hexdigest()
    return Intake(
        path,
        digest,
        len(content),
        document["rows"],
        columns,
        file_name,
        MadeOf.COUNTS,
        counted=document["file"]["sha256"],
        signature=signed.signature,
        signed_with=signed.key_id,
    )


def _column(told: Mapping[str, Any], stated: Mapping[str, Any] | None) -> Column:
    """How many values are missing or different is told only where it left the firm."""
    share = stated["shares"].get(told["name"]) if stated else None
    return Column(told["name"], told["kind"], told["missing"], None, share, stated["n"] if stated else None)


@dataclass(frozen=True)
class Frozen:
    """Cells of a reference by column. roles: of score, decision and outcome; None where its counts do not tell them."""

    columns: Mapping[str, Cells]
    roles: Mapping[str, Cells] | None


def _frozen(dataset: Dataset) -> Frozen | None:
    """What the reference that counts today froze; None where there is none yet, or nothing stayed of its rows.

    Raises store.Damaged, OutOfOrder.
    """
    reference = references.of_dataset(dataset.pk)
    if reference is None or not reference.measured_sha256:
        return None
    path = store.path(reference.organisation_id, reference.measured_sha256)
    if reference.made_of == MadeOf.COUNTS or reference.is_erased:
        document = documents.read(path)
        own = [cells_of(each) for each in document["roles"]] if "roles" in document else None
        return Frozen(_by_name(map(cells_of, document["columns"])), None if own is None else _by_name(own))
    try:
        columns, own = cells_apart(
            path, dataset.features, dataset.categorical, list(there(dataset.own_columns))
        )
    except TookTooMuch as died:
        raise OutOfOrder(
            _("The cells of the reference could not be cut: it took too much time or memory.")
        ) from died
    return Frozen(_by_name(columns), _by_name(own))


def _by_name(cells: Iterable[Cells]) -> dict[str, Cells]:
    return {each.name: each for each in cells}
