"""What leaves the register as a file: the gaps as a table, and a model's profile under NIST AI RMF."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from ninja.responses import NinjaJSONEncoder

from governance.inventory.models import AIModel
from governance.obligations.matrix import gaps, nist, queries
from governance.obligations.matrix.choosing import Chosen
from governance.obligations.matrix.choosing import chosen as chosen_in
from governance.obligations.matrix.inert import inert
from governance.obligations.matrix.past import nist as past_nist
from governance.obligations.matrix.workbook import Sheet, write
from governance.people.asked_day import asked
from governance.people.door import Request, found, viewed
from governance.people.rights import require

CSV = "text/csv; charset=utf-8"
SAFE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@viewed
def gaps_csv(request: Request) -> Any:
    """The gaps of the models that the reader sees and chose, for any program."""
    chosen = chosen_in(request)
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    comma_separated(file, gaps.head(), gaps.rows(chosen))
    return _download(file, "csv", CSV, _day(chosen))


@require_GET
@viewed
def gaps_xlsx(request: Request) -> Any:
    """The same for Excel, with a sheet that says what it is and under which editions."""
    chosen = chosen_in(request)
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    about = gaps.about(chosen, queries.totals(chosen), _day(chosen))
    write(
        file,
        [
            Sheet(_("Gaps"), gaps.head(), gaps.WIDTHS, gaps.rows(chosen)),
            Sheet(_("About this file"), [_("About this file"), ""], (44, 80), about),
        ],
    )
    return _download(file, "xlsx", XLSX, _day(chosen))


@require_GET
@viewed
def nist_profile(request: Request, model_id: UUID) -> HttpResponse:
    """The same JSON that the API gives, as a download."""
    model = found(AIModel.objects.visible_to(request.actor).select_related("organisation"), pk=model_id)
    require(request.actor, "model.read", model)
    as_of = asked(request)
    profile = past_nist.profile_of(model, as_of) if as_of else nist.profile_of(model, timezone.localdate())
    name = f"nist-ai-rmf-{model.number}{f'-{as_of}' if as_of else ''}.json"
    return HttpResponse(
        json.dumps(profile.model_dump(), cls=NinjaJSONEncoder, indent=2, ensure_ascii=False),
        content_type="application/json",
        headers={**SAFE, "Content-Disposition": f'attachment; filename="{name}"'},
    )


def comma_separated(file: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """UTF-8 with a byte order mark, without which Excel reads Kazakh and Russian as Latin. No cell is a formula."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    text.detach()


def _day(chosen: Chosen) -> date:
    return chosen.as_of.day if chosen.as_of else timezone.localdate()


def _download(file: IO[bytes], ending: str, kind: str, day: date) -> FileResponse:
    """Finished before the first byte leaves: the rows are read while their reader's walls stand."""
    file.seek(0)
    name = f"gaps-{day.isoformat()}.{ending}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind, headers=SAFE)
