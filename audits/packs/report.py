"""The report for people: one PDF in each language, the same bytes for the same record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from audits.packs.blocks import status
from audits.packs.chapters import chapters
from audits.packs.gathered import Gathered
from audits.packs.subject import Subject
from governance.approvals.words import environment
from governance.risk.queries import explained
from governance.store import printing

TEMPLATE = Path(__file__).with_name("report.typ")


def reports(gathered: Gathered, evidence: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Language and PDF. evidence: digest over the list of the evidence, for the title page. folder: empty, to work in.

    Raises printing.NotPrinted.
    """
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said = json.dumps(content(gathered, evidence), ensure_ascii=False)
        (folder / f"report.{language}.json").write_text(said, "utf-8")
    printing.print_all(TEMPLATE, folder)
    for language, _name in settings.LANGUAGES:
        yield language, (folder / f"report.{language}.pdf").read_bytes()


def content(gathered: Gathered, evidence: str) -> dict[str, Any]:
    """Everything that the template prints, in the language that is active."""
    subject = gathered.subject
    as_of = timezone.localtime(subject.as_of)
    stamp = subject.as_of.astimezone(UTC)
    return {
        "language": translation.get_language(),
        "date": [stamp.year, stamp.month, stamp.day],
        "kicker": _kicker(subject),
        "title": subject.model.name,
        "number": subject.model.number,
        "organisation": subject.model.organisation.name,
        "summary": subject.model.summary,
        "facts": _facts(gathered, formats.date_format(as_of, "DATETIME_FORMAT")),
        "digest_title": _("Digest of the evidence (SHA-256)"),
        "digest": evidence,
        "caution": _(
            "The evidence stands under the editions named inside, as they were read on the days named inside. This is "
            "not a legal opinion."
        ),
        "contents": _("Contents"),
        "chapters": chapters(gathered),
    }


def _kicker(subject: Subject) -> str:
    """A pack of a past day says so above its title."""
    if subject.day is None:
        return _("Evidence pack")
    day = formats.date_format(subject.day.day, "DATE_FORMAT")
    return f"{_('Evidence pack')} · {_('As it stood at the end of %(day)s') % {'day': day}}"


def _facts(gathered: Gathered, as_of: str) -> list[dict[str, Any]]:
    """The few things that everybody asks first: (words, value in its colour)."""
    facts: list[tuple[object, Any]] = [
        (_("Record as of"), {"text": as_of}),
        (_("Status"), status(gathered.subject.model.status)),
        (_("Version"), {"text": gathered.focus.label if gathered.focus else "–"}),
        (_("Permission to deploy"), _permission(gathered)),
    ]
    if gathered.grade is not None:
        facts += [(degree.title, {"text": degree.in_full}) for degree in explained(gathered.grade)]
    else:
        facts.append((_("Grade"), status("missing", _("not graded"))))
    return [{"words": str(words), "value": value} for words, value in facts]


def _permission(gathered: Gathered) -> Any:
    now = gathered.subject.as_of
    for each in gathered.permissions:
        if each.state == "suspended":
            return status("suspended")
        if each.state == "active" and each.starts_at <= now < each.expires_at:
            until = formats.date_format(timezone.localtime(each.expires_at), "DATE_FORMAT")
            said = _("version %(version)s, %(where)s, until %(until)s") % {
                "version": each.version,
                "where": environment(each.environment),
                "until": until,
            }
            return status("allow", said)
    return status("deny", _("no version has one"))
