"""The receipt of a return: one page that confirms what was filed, by whom, when, and with which digest."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from governance.desk.printed import download, language_of, pdf
from governance.filing.models import Return
from governance.people.door import Request, found, viewed

TEMPLATE = Path(__file__).with_name("receipt.typ")


@require_GET
@viewed
def receipt(request: Request, return_id: UUID) -> HttpResponse:
    """The PDF, in the language that is asked for."""
    everything = Return.objects.visible_to(request.actor)
    filed = found(everything.select_related("organisation", "campaign", "corrects"), pk=return_id)
    language = language_of(request)
    with translation.override(language):
        printed = pdf(TEMPLATE, content(filed))
    return download(printed, f"{filed.organisation.bin}-{filed.number}-{language}.pdf")


def content(filed: Return) -> dict[str, Any]:
    """Everything that the template prints, in the language that is active; nothing that changes after the filing."""
    stamp = filed.filed_at.astimezone(UTC)
    return {
        "language": translation.get_language(),
        "date": [stamp.year, stamp.month, stamp.day],
        "kicker": _("Receipt of a return"),
        "title": filed.acknowledgement,
        "organisation": filed.organisation.name,
        "in_time": {"text": _in_time(filed), "tone": "warn" if filed.is_late else "good"},
        "facts": [[str(words), value] for words, value in _facts(filed)],
        "digest_title": _("Digest of the list (SHA-256)"),
        "digest": filed.digest,
        "caution": _(
            "This receipt confirms that the return was filed as it is described here. It does not confirm that what it"
            " declares is right. Whether the return was corrected or withdrawn later, the register says."
        ),
    }


def _in_time(filed: Return) -> str:
    if filed.due_on is None:
        return str(_("Filed without a campaign"))
    return str(_("Filed late")) if filed.is_late else str(_("Filed in time"))


def _facts(filed: Return) -> list[tuple[str, str]]:
    facts = [
        (_("Organisation"), filed.organisation.name),
        (_("BIN"), filed.organisation.bin),
        (_("Campaign"), filed.campaign.title if filed.campaign else "–"),
        (_("Period"), f"{_day(filed.starts_on)} – {_day(filed.ends_on)}"),
        (_("To be filed by"), _day(filed.due_on) if filed.due_on else "–"),
        (_("Filed on"), formats.date_format(timezone.localtime(filed.filed_at), "DATETIME_FORMAT")),
        (_("Contents"), _contents(filed)),
        (_("Signed by"), f"{filed.officer}, {filed.position}"),
        (_("Completeness"), _("Declared by the officer who signed.")),
        (_("Edition of the form"), filed.edition),
    ]
    if filed.corrects is not None:
        facts.append((_("Corrects"), filed.corrects.acknowledgement))
    return facts


def _contents(filed: Return) -> str:
    if filed.is_nil:
        return str(_("No AI in use"))
    return ngettext("%(count)s model", "%(count)s models", filed.model_count) % {"count": filed.model_count}


def _day(value: Any) -> str:
    return formats.date_format(value, "DATE_FORMAT")
