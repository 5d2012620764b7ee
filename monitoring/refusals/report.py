"""The report of a refused file as CSV: its broken rows one by one, then how many there are of each kind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from django.http import FileResponse
from django.utils.translation import gettext as _

from governance.obligations.matrix.exports import comma_separated
from monitoring.data.faults import Fault
from monitoring.data.words import problem
from monitoring.refusals.models import RefusedFile
from monitoring.shielding.telling import spoken_of

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


def head() -> list[str]:
    return [_("Row"), _("Column"), _("Byte"), _("Kind"), _("What is wrong")]


def rows(refused: RefusedFile) -> Iterator[list[str]]:
    """In the language that is active. What is counted and not named says so, and so does a file not read to its end."""
    named: dict[str, int] = {}
    for each in refused.faults:
        fault = spoken_of(refused.dataset, Fault(**each))
        named[fault.rule] = named.get(fault.rule, 0) + 1
        where = ("" if value is None else str(value) for value in (fault.row, fault.column, fault.offset))
        yield [*where, fault.rule, str(problem(fault).what)]
    for rule, count in refused.counts.items():
        said = _("%(count)s in all, of which %(named)s are named above.")
        yield ["", "", "", rule, said % {"count": count, "named": named.get(rule, 0)}]
    if not refused.is_whole:
        yield ["", "", "", "", _("The file was not looked at to its end: there is too much wrong with it.")]


def download(refused: RefusedFile) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it
    comma_separated(file, head(), rows(refused))
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename="broken-rows.csv", content_type="text/csv", headers=HEADERS
    )
