"""Chapters on what people decided: requests with every vote, permissions, the gate, findings, incidents, suspensions."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audits.packs.blocks import Block, heading, moment, quiet, status, table
from audits.packs.gathered import Gathered
from governance.approvals.queries import Event, timeline
from governance.approvals.words import environment, ground, reason
from governance.incidents import queries as stops
from governance.incidents import telling as incident_words
from monitoring.runs import telling

BALLOTS = {"approve": "approved", "reject": "rejected"}


def decisions(gathered: Gathered) -> Iterator[Block]:
    for request in gathered.requests:
        where = environment(request.environment)
        yield heading(
            _("Version %(version)s · %(where)s") % {"version": request.version, "where": where}
            + f" · {request.get_status_display()}"
        )
        yield quiet(_("Content put before the committee: %(digest)s") % {"digest": request.manifest_sha256})
        yield table(
            [_("When"), _("Step"), _("Who"), _("Reason or text")],
            [[moment(step.at), *_step(step)] for step in timeline(request)],
            ["auto", "auto", "1.2fr", "3fr"],
        )


def _step(step: Event) -> list[str | dict[str, str]]:
    said = {
        "requested": _("Asked"),
        "recommended": _("Recommended"),
        "condition": _("Condition"),
        "voted": _("Vote"),
        "decided": _("Decision"),
    }
    words: str | dict[str, str] = said.get(step.kind, step.kind)
    if step.verdict:
        ballot = {"approve": pgettext("vote", "for"), "reject": pgettext("vote", "against")}[step.verdict]
        words = status(BALLOTS[step.verdict], f"{said.get(step.kind, step.kind)}: {ballot}")
    return [words, step.who or "–", step.words or "–"]


def permissions(gathered: Gathered) -> Iterator[Block]:
    if gathered.permissions:
        yield heading(_("Permissions"))
        yield table(
            [_("Version"), _("Environment"), _("From"), _("Until"), _("State"), _("Reason")],
            [
                [
                    each.version.label,
                    environment(each.environment),
                    moment(each.starts_at),
                    moment(each.expires_at),
                    status(each.state),
                    " ".join(ground(one) for one in each.reasons) or "–",
                ]
                for each in gathered.permissions
            ],
            ["auto", "auto", "auto", "auto", "auto", "2fr"],
        )
    if gathered.verdicts:
        yield heading(_("Answers of the gate"))
        yield quiet(_("Each answer is signed; data/gate holds the statements and the key."))
        yield table(
            [_("When"), _("Version"), _("Environment"), _("Answer"), _("Reasons")],
            [
                [
                    moment(each.asked_at),
                    each.version_label,
                    environment(each.environment),
                    status(each.answer),
                    " ".join(reason(one) for one in each.reasons) or "–",
                ]
                for each in gathered.verdicts
            ],
            ["auto", "auto", "auto", "auto", "3fr"],
        )


def incidents(gathered: Gathered) -> Iterator[Block]:
    if gathered.findings:
        yield heading(_("Findings"))
        yield table(
            [
                _("Opened"),
                _("Subject"),
                _("What was found"),
                _("Severity"),
                _("Who deals with it"),
                _("Closed"),
            ],
            [
                [
                    moment(each.opened_at),
                    str(telling.title(each)),
                    telling.found(each),
                    status(each.severity),
                    telling.in_hand(each) or "–",
                    f"{moment(each.closed_at)} {telling.closed(each.closing)}"
                    if each.closed_at
                    else _("open"),
                ]
                for each in gathered.findings
            ],
            ["auto", "1.75fr", "2.1fr", "auto", "1.1fr", "1.1fr"],
        )
    if gathered.incidents:
        yield heading(_("Incidents"))
        yield table(
            [
                _("Number"),
                _("Noticed"),
                _("What happened"),
                _("Severity"),
                _("State"),
                _("Cause and measures"),
            ],
            [
                [
                    each.number,
                    moment(each.detected_at),
                    incident_words.title(each),
                    str(each.get_severity_display()),
                    str(each.get_status_display()),
                    " ".join(part for part in (each.cause, each.measures) if part) or "–",
                ]
                for each in gathered.incidents
            ],
            ["auto", "auto", "2fr", "auto", "auto", "2fr"],
        )
    if gathered.suspensions:
        yield heading(_("Suspensions"))
        yield table(
            [_("Ordered"), _("By"), _("Reason"), _("Lifted")],
            [
                [moment(each.ordered_at), stops.by_whom(each) or "–", each.reason, moment(each.lifted_at)]
                for each in gathered.suspensions
            ],
            ["auto", "1fr", "3fr", "auto"],
        )
