"""The report of a pack, chapter by chapter, in the language that is active. Long lists say how much they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.packs import gaps
from audits.packs.blocks import (
    Block,
    code,
    day,
    definitions,
    heading,
    listed,
    moment,
    number,
    quiet,
    status,
    table,
    text,
)
from audits.packs.decided import decisions, incidents, permissions
from audits.packs.gathered import Gathered
from audits.packs.measured import checks, runs
from governance.inventory import queries as inventory
from governance.inventory.kinds import KINDS
from governance.obligations.lines import Line
from governance.risk.queries import explained

Chapter = dict[str, Any]
MOST_ITEMS = 25
"""Of one kind of gap, those that bind in Kazakhstan first."""


def chapters(gathered: Gathered) -> list[Chapter]:
    return [
        _chapter(_("What is missing"), _missing(gathered)),
        _chapter(_("The model"), _model(gathered)),
        _chapter(_("Grade"), _grade(gathered)),
        _chapter(_("Versions and documents"), _versions(gathered)),
        _chapter(_("Requirements"), _requirements(gathered)),
        _chapter(_("Checks"), checks(gathered)),
        _chapter(_("Runs and data periods"), runs(gathered)),
        _chapter(_("Decisions and votes"), decisions(gathered)),
        _chapter(_("Permissions and answers of the gate"), permissions(gathered)),
        _chapter(_("Findings, incidents and suspensions"), incidents(gathered)),
        _chapter(_("How to check this report"), _checking(gathered)),
    ]


def _chapter(title: str, blocks: Iterator[Block]) -> Chapter:
    there = list(blocks)
    return {"title": title, "blocks": there or [quiet(_("Nothing."))]}


def _missing(gathered: Gathered) -> Iterator[Block]:
    """Only what there is; gaps.md also says of which kind there is nothing."""
    for gap in gaps.found(gathered):
        if gap.items:
            yield heading(gap.title)
            yield listed(gap.items[:MOST_ITEMS])
        if len(gap.items) > MOST_ITEMS:
            left = len(gap.items) - MOST_ITEMS
            more = ngettext("%(count)s more is in data/gaps.md.", "%(count)s more are in data/gaps.md.", left)
            yield quiet(more % {"count": left})


def _model(gathered: Gathered) -> Iterator[Block]:
    for chapter in inventory.record(gathered.subject.model):
        yield heading(chapter.section.title)
        yield definitions(chapter.rows)


def _grade(gathered: Gathered) -> Iterator[Block]:
    if gathered.grade is None:
        return
    yield quiet(
        _("Graded by %(name)s on %(at)s with the questionnaire %(edition)s.")
        % {
            "name": gathered.grade.assessed_by,
            "at": moment(gathered.grade.assessed_at),
            "edition": gathered.grade.edition,
        }
    )
    for degree in explained(gathered.grade):
        yield heading(f"{degree.title}: {degree.in_full}")
        if degree.by_hand:
            yield quiet(degree.by_hand.sentence)
        yield listed(each.sentence for each in degree.because)


def _versions(gathered: Gathered) -> Iterator[Block]:
    yield table(
        [_("Version"), _("Added"), _("By"), _("File"), _("Digest of the file"), _("State")],
        [
            [
                version.label,
                moment(version.created_at),
                str(version.created_by),
                version.get_artefact_format_display(),
                code(version.artefact_sha256),
                status("withdrawn" if version.withdrawn_at else "active"),
            ]
            for version in gathered.versions
        ],
        ["auto", "auto", "1fr", "1fr", "auto", "auto"],
    )
    if gathered.documents:
        yield table(
            [_("Document"), _("Kinds"), _("Revision"), _("Handed in"), _("Digest")],
            [row for document in gathered.documents for row in _revisions(document)],
            ["2fr", "2fr", ">auto", "auto", "auto"],
        )


def _revisions(document: Any) -> Iterator[list[Any]]:
    kinds = ", ".join(str(KINDS.get(kind, kind)) for kind in document.kinds)
    for revision in sorted(document.revisions.all(), key=lambda each: each.number):
        yield [
            document.title,
            kinds,
            str(revision.number),
            moment(revision.uploaded_at),
            code(revision.sha256),
        ]


def _requirements(gathered: Gathered) -> Iterator[Block]:
    asked = [line for line in gathered.lines if line.is_asked]
    yield text(
        _(
            "The status says how the evidence stands under the edition named beside it. Whether a requirement is met is "
            "concluded by a named person of the second line, and counts only over a mapping that a named lawyer signed. "
            "Neither is a legal opinion."
        )
    )
    for framework in gathered.editions:
        lines = [line for line in asked if line.obligation.framework_id == framework.pk]
        if lines:
            yield heading(framework.title)
            yield quiet(
                _("Edition as read on %(day)s · digest %(digest)s")
                % {"day": framework.edition, "digest": framework.sha256[:16]}
            )
            yield table(
                [_("Place in the text"), _("Requirement"), _("Evidence"), _("Conclusion")],
                [_requirement(line) for line in lines],
                ["1.3fr", "3fr", "auto", "1.2fr"],
            )


def _requirement(line: Line) -> list[Any]:
    concluded: Any = "–"
    if line.conclusion is not None:
        said = f"{line.concluded_words}: {line.conclusion.concluded_by}, {day(line.conclusion.concluded_at.date())}"
        concluded = status(line.concluded_look, said)
    return [line.obligation.ref, line.obligation.title, status(line.look, line.words), concluded]


def _checking(gathered: Gathered) -> Iterator[Block]:
    subject = gathered.subject
    yield text(
        _(
            "This report was made from the files that lie beside it. Their digest stands on the first page. Unpack the "
            "pack and run “python verify.py” in its folder: it needs nothing but Python and says what it has checked."
        )
    )
    entries = sum(subject.counts.values())
    yield definitions(
        [
            (_("Rows on record"), number(entries)),
            (_("People named"), number(len(subject.people))),
            (_("Runs of checks"), number(gathered.run_count)),
            (
                _("Files that could not be included"),
                ngettext("%(count)s file", "%(count)s files", len(subject.left_out))
                % {"count": len(subject.left_out)},
            ),
        ]
    )
