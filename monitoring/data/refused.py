"""A file that is not taken in: what a page and the API say at once, and all that the report of it tells."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from governance.errors import RuleBroken
from monitoring.data.faults import MOST_SHOWN, Unreadable
from monitoring.data.models import Dataset
from monitoring.data.words import problem
from monitoring.shielding.telling import told_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_TAKEN_IN = _("The data period was not taken in.")


class FileRefused(RuleBroken):
    """`problems` are the first faults; `told` has all that are named and how many there are of each kind.

    digest: SHA-256 of the file as it was sent. Who hands a file in notes it (monitoring/refusals) once nothing of it is left.
    """

    def __init__(
        self,
        told: Unreadable,
        *,
        dataset: Dataset,
        file_name: str,
        file: Path,
        message: StrOrPromise = NOT_TAKEN_IN,
    ) -> None:
        told = told_of(dataset, told)
        shown = [problem(fault) for fault in told.faults[:MOST_SHOWN]]
        super().__init__(message, shown)
        self.told, self.dataset, self.file_name = told, dataset, file_name
        self.noted: UUID | None = None
        """Where it is noted: `RefusedFile`."""
        with file.open("rb") as content:
            self.digest = hashlib.file_digest(content, "sha256").hexdigest()
