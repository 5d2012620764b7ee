"""The quarterly report to the board: printed from the same record that the pages show."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits.packs import report
from audits.packs.blocks import moment
from governance.desk.board.chapters import chapters
from governance.desk.board.gathering import Board, gather
from governance.desk.board.quarter import Quarter, latest
from governance.desk.printed import download, language_of, pdf
from governance.errors import NotFound
from governance.people.door import Request, found, viewed
from governance.people.models import Organisation
from governance.people.rights import require

TEMPLATE = Path(report.__file__).with_name("report.typ")
"""The report to the board is laid out as the report of an evidence pack is."""


@require_GET
@viewed
def board_report(request: Request) -> HttpResponse:
    """The quarters that a report can be printed of."""
    home = _home(request)
    context = {
        "quarters": latest(timezone.localdate()),
        "organisation": home,
        "crumbs": [(_("Returns"), reverse("returns:returns")), (_("Report to the board"), None)],
    }
    return render(request, "governance/desk/board_report.html", context)


@require_GET
@viewed
def board_report_file(request: Request) -> HttpResponse:
    """The PDF of one quarter in one language."""
    home, language = _home(request), language_of(request)
    quarter = Quarter.read(request.GET.get("quarter", ""))
    if quarter is None or quarter > Quarter.of(timezone.localdate()):
        raise NotFound
    with translation.override(language):
        printed = pdf(TEMPLATE, content(gather(home, quarter, timezone.now())))
    return download(printed, f"{home.bin}-{quarter.key}-{language}.pdf")


def content(board: Board) -> dict[str, Any]:
    """Everything that the template prints, in the language that is active."""
    stamp = board.now.astimezone(UTC)
    told = chapters(board)
    facts = [
        (_("State as of"), moment(board.now)),
        (_("Registered models"), str(len(board.models))),
        (_("Failing or overdue requirements"), str(len(board.red))),
        (_("Incidents in the quarter"), str(len(board.incidents))),
        (_("Decisions in the quarter"), str(len(board.decisions))),
        (_("Returns filed in the quarter"), str(len(board.returns))),
    ]
    return {
        "language": translation.get_language(),
        "date": [stamp.year, stamp.month, stamp.day],
        "kicker": _("Report to the board"),
        "title": board.quarter.words,
        "number": board.organisation.bin,
        "organisation": board.organisation.name,
        "summary": _(
            "The AI models of the organisation: what stands, what is red, and what happened in the quarter."
        ),
        "facts": [{"words": str(words), "value": {"text": value}} for words, value in facts],
        "digest_title": _("Digest of the contents (SHA-256)"),
        "digest": hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest(),
        "caution": _(
            "A status is the status of evidence under the editions named inside, as they were read on the days named"
            " inside. This is not a legal opinion."
        ),
        "contents": _("Contents"),
        "chapters": told,
    }


def _home(request: Request) -> Organisation:
    home = found(Organisation.objects.visible_to(request.actor), pk=request.actor.organisation_id)
    require(request.actor, "board.report", home)
    return home
