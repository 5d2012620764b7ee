"""What is missing, failing, not run or not read: said first and in plain words, in three languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audits.packs.gathered import Gathered
from governance.approvals.words import environment, ground
from governance.incidents import telling as incidents
from governance.obligations.lines import Line
from governance.obligations.rules import MAY_BE_MET, OUTDATED
from monitoring.runs import telling

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

UNHAPPY = ("failed", "amber", "uncertain", "insufficient_data", "not_run", "not_applicable")
BY_STATUS: tuple[tuple[tuple[str, ...], StrOrPromise], ...] = (
    (("failing", "overdue"), gettext_lazy("Requirements that fail or are overdue")),
    (("missing", "not_ready"), gettext_lazy("Requirements without evidence")),
    (("open",), gettext_lazy("Requirements that wait for an answer in the registration")),
    (("accepted_gap", "waived"), gettext_lazy("Requirements set aside for a time")),
    (("due_soon",), gettext_lazy("Requirements whose evidence ends soon")),
)


@dataclass(frozen=True)
class Gap:
    title: str
    items: Sequence[str]


def found(gathered: Gathered) -> list[Gap]:
    """Every kind of gap in the language that is active; one without items says that there is nothing of its kind."""
    lines = [line for line in gathered.lines if line.is_asked]
    return [
        Gap(_("The state of the record"), list(_record(gathered))),
        *(
            Gap(str(title), [_requirement(line) for line in lines if line.duty.status in statuses])
            for statuses, title in BY_STATUS
        ),
        Gap(_("Evidence on which nobody of the second line has concluded"), list(_unconcluded(lines))),
        Gap(
            _("Conclusions over a mapping that nobody signed"),
            [_requirement(line) for line in lines if line.concluded == "unsigned"],
        ),
        Gap(
            _("Requirements concluded as not met or only partly met"),
            [_requirement(line) for line in lines if line.concluded in ("not_met", "partly")],
        ),
        Gap(_("Checks that do not pass, have not run or could not answer"), list(_checks(gathered))),
        Gap(_("Open findings"), list(_findings(gathered))),
        Gap(_("Open incidents"), list(_incidents(gathered))),
        Gap(_("Permission to deploy"), list(_permissions(gathered))),
        Gap(_("Texts that were not read in full"), list(_unread(lines))),
        Gap(_("What this pack does not hold"), list(_not_held(gathered))),
    ]


def written(gathered: Gathered) -> str:
    """gaps.md: the same in every language, one after the other."""
    return "\n".join("\n".join(_in(language, gathered)) for language, _name in settings.LANGUAGES)


def _in(language: str, gathered: Gathered) -> Iterator[str]:
    with translation.override(language):
        yield f"# {_('What is missing')} ({language})\n"
        as_of = formats.date_format(timezone.localtime(gathered.subject.as_of), "DATETIME_FORMAT")
        yield _("Model %(model)s, as the record stood on %(as_of)s.") % {
            "model": gathered.subject.model,
            "as_of": as_of,
        }
        for gap in found(gathered):
            yield f"\n## {gap.title}\n"
            yield from (f"- {_one_line(item)}" for item in gap.items or [_("Nothing.")])
        yield ""


def _one_line(item: str) -> str:
    return " ".join(item.split())


def _record(gathered: Gathered) -> Iterator[str]:
    if gathered.is_behind:
        yield _(
            "The requirements were being computed again when the pack was made: their status may be behind."
        )
    if gathered.grade is None:
        yield _("Nobody has graded the model.")
    if gathered.focus is None:
        yield _("There is no version that stands.")
    elif not gathered.focus.has_artefact:
        yield _("The newest version has no model file on record.")


def _requirement(line: Line) -> str:
    return _join([f"{line.obligation.ref} · {line.obligation.title}: {line.words}.", *line.reasons])


def _unconcluded(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if line.duty.status in MAY_BE_MET and line.concluded in ("", OUTDATED):
            yield f"{line.obligation.ref} · {line.obligation.title}"


def _checks(gathered: Gathered) -> Iterator[str]:
    for asked in gathered.board.asked:
        name = f"{asked.check.title} ({asked.dataset.name})"
        if asked.plan is None:
            lacking = _("It lacks: %(missing)s.") % {"missing": asked.missing} if asked.lacking else ""
            yield _join([_("%(check)s is not planned.") % {"check": name}, lacking])
        elif asked.latest is None:
            yield _("%(check)s has not run for the newest version.") % {"check": name}
        elif asked.latest.status in UNHAPPY:
            yield _join([f"{name}: {asked.latest.state}.", asked.latest.sentence])
    if not gathered.board.asked:
        yield _("No data is described, so no check can run.")


def _findings(gathered: Gathered) -> Iterator[str]:
    for finding in gathered.findings:
        if finding.closed_at is None:
            when = formats.date_format(timezone.localtime(finding.opened_at), "DATE_FORMAT")
            hand = telling.in_hand(finding)
            told = [f"{when} · {telling.title(finding)}:", telling.found(finding)]
            yield _join([*told, *([f"({hand})"] if hand else [])])


def _incidents(gathered: Gathered) -> Iterator[str]:
    for incident in gathered.incidents:
        if not incident.is_closed:
            yield f"{incident.number} · {incidents.title(incident)} ({incident.get_status_display()})"


def _permissions(gathered: Gathered) -> Iterator[str]:
    now = gathered.subject.as_of
    standing = [each for each in gathered.permissions if each.state == "active" and each.expires_at > now]
    if not standing:
        yield _("No version has a permission that stands.")
    for each in gathered.permissions:
        if each.state != "active":
            where = f"{each.version} · {environment(each.environment)}: {each.get_state_display()}."
            yield _join([where, *(ground(reason) for reason in each.reasons)])
        elif each.expires_at <= now:
            day = formats.date_format(timezone.localtime(each.expires_at), "DATE_FORMAT")
            yield _("The permission of version %(version)s ended on %(day)s.") % {
                "version": each.version,
                "day": day,
            }


def _unread(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        name = f"{line.obligation.ref} · {line.obligation.title}"
        if line.is_unread_since_the_amendment:
            yield _("%(name)s: the wording since the amendment of 25 August 2026 was not read.") % {
                "name": name
            }
        elif line.facts.get("confidence") != "verified":
            yield f"{name}: {line.confidence}"


def _not_held(gathered: Gathered) -> Iterator[str]:
    subject = gathered.subject
    yield _("Rows of data: only what the periods are, their digests and columns.")
    yield _("The model files: only their digests. Ask the owner of the model for the file and compare.")
    for each in subject.left_out:
        yield _("%(path)s: the register's own file is missing or damaged.") % {"path": each["path"]}
    if subject.unplaced:
        yield ngettext(
            "%(count)s entry of the ledger is younger than the last signed head.",
            "%(count)s entries of the ledger are younger than the last signed head.",
            subject.unplaced,
        ) % {"count": subject.unplaced}
    if subject.erased:
        yield ngettext(
            "The content of %(count)s entry of the ledger was erased.",
            "The content of %(count)s entries of the ledger was erased.",
            subject.erased,
        ) % {"count": subject.erased}


def _join(sentences: Iterable[str]) -> str:
    return " ".join(each for each in sentences if each)
