"""The report to the board, chapter by chapter, in the language that is active. Every number says of how many, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.packs.blocks import Block, Cell, day, heading, moment, quiet, status, table
from governance.approvals.words import environment
from governance.desk.board.gathering import Board, red_since
from governance.incidents import queries as stops
from governance.incidents import telling
from governance.obligations.words import STATUSES
from governance.risk.models import RiskDegree

MOST = 60
"""Rows of a long list; what is left out is counted."""

COUNTED = ("failing", "overdue", "missing", "accepted_gap", "waived", "due_soon", "on_file")
BALLOTS = {"approve": "approved", "reject": "rejected"}


def chapters(board: Board) -> list[dict[str, Any]]:
    return [
        _chapter(_("Models by degree of risk and tier"), _models(board)),
        _chapter(_("Requirements by framework"), _requirements(board)),
        _chapter(_("Failing and overdue requirements"), _red(board)),
        _chapter(_("Key figures"), _figures(board)),
        _chapter(_("Incidents"), _incidents(board)),
        _chapter(_("Decisions and suspensions"), _decisions(board)),
        _chapter(_("Filed returns"), _returns(board)),
    ]


def _chapter(title: str, blocks: Iterator[Block]) -> dict[str, Any]:
    return {"title": title, "blocks": list(blocks)}


def _as_of(board: Board, n: int) -> Block:
    return quiet(_("n = %(n)s, as of %(at)s.") % {"n": n, "at": moment(board.now)})


def _within(board: Board, n: int) -> Block:
    period = {"n": n, "starts": day(board.quarter.starts_on), "ends": day(board.quarter.ends_on)}
    return quiet(_("n = %(n)s, from %(starts)s to %(ends)s.") % period)


def _models(board: Board) -> Iterator[Block]:
    yield _as_of(board, len(board.models))
    graded = Counter(each.risk_degree for each in board.grades.values())
    tiers = Counter(each.tier for each in board.grades.values())
    ungraded = len(board.models) - len(board.grades)
    rows = [[str(degree.label), str(graded[degree.value])] for degree in reversed(RiskDegree)]
    yield table(
        [_("Degree of risk"), _("Models")], [*rows, [_("not graded"), str(ungraded)]], ["3fr", ">1fr"]
    )
    rows = [[_("tier %(tier)s of 4") % {"tier": tier}, str(tiers[tier])] for tier in (1, 2, 3, 4)]
    yield table([_("Internal tier"), _("Models")], rows, ["3fr", ">1fr"])
    if board.models:
        yield heading(_("Each model"))
        yield table(
            [_("Number"), _("Name"), _("Degree of risk"), _("Tier"), _("Permission to deploy")],
            [_model(board, model) for model in board.models],
            ["auto", "3fr", "1.2fr", ">auto", "auto"],
        )


def _model(board: Board, model: Any) -> list[Cell]:
    grade = board.grades.get(model.pk)
    permission = board.permitted.get(model.pk, "")
    return [
        model.number,
        model.name,
        str(grade.get_risk_degree_display()) if grade else _("not graded"),
        str(grade.tier) if grade else "–",
        status(permission) if permission else _("none"),
    ]


def _requirements(board: Board) -> Iterator[Block]:
    yield quiet(
        _(
            "Evidence status: how far what is on file answers a requirement, under the edition named here. A requirement"
            " is counted once for each model that owes it. Not a legal opinion."
        )
    )
    yield quiet(
        _("Computed for %(n)s of %(among)s models, the oldest at %(at)s.")
        % {"n": len(board.sheets), "among": len(board.models), "at": moment(board.computed_at)}
    )
    for framework, tally, models in board.by_framework:
        asked = {key: number for key, number in tally.items() if key not in ("none", "not_applicable")}
        yield heading(framework.title)
        said = _("Edition as read on %(day)s · n = %(n)s requirements of %(models)s models")
        yield quiet(said % {"day": framework.edition, "n": sum(asked.values()), "models": models})
        order = [*COUNTED, *sorted(set(asked) - set(COUNTED))]
        yield table(
            [_("Evidence status"), _("Requirements")],
            [[status(key, STATUSES[key]), str(asked[key])] for key in order if asked.get(key)],
            ["3fr", ">1fr"],
        )


def _red(board: Board) -> Iterator[Block]:
    yield _as_of(board, len(board.red))
    if board.red:
        yield table(
            [_("Model"), _("Requirement"), _("Place in the text"), _("Evidence status"), _("Since")],
            [
                [
                    duty.model.number,
                    duty.obligation.title,
                    duty.obligation.ref,
                    status(duty.status),
                    day(red_since(duty)),
                ]
                for duty in board.red[:MOST]
            ],
            ["auto", "3fr", "1.6fr", "auto", "auto"],
        )
    if len(board.red) > MOST:
        left = len(board.red) - MOST
        more = ngettext(
            "%(count)s more stands in the register.", "%(count)s more stand in the register.", left
        )
        yield quiet(more % {"count": left})


def _figures(board: Board) -> Iterator[Block]:
    yield _as_of(board, len(board.figures))
    if board.figures:
        yield table(
            [
                _("Model"),
                _("Key figure"),
                _("Value"),
                _("Limit"),
                _("Measured"),
                _("Status"),
                _("Responsible person"),
            ],
            [
                [
                    line.kpi.model.number,
                    line.kpi.name,
                    line.words,
                    line.limits,
                    moment(line.latest.measured_at if line.latest else None),
                    status(line.state),
                    line.kpi.owner.name,
                ]
                for line in board.figures
            ],
            ["auto", "1.6fr", ">auto", "1.2fr", "auto", "auto", "1.2fr"],
        )


def _incidents(board: Board) -> Iterator[Block]:
    yield _within(board, len(board.incidents))
    if board.incidents:
        yield table(
            [_("Number"), _("Model"), _("What happened"), _("Severity"), _("Noticed"), _("State")],
            [
                [
                    each.number,
                    each.model.number,
                    telling.title(each),
                    status(f"severity_{each.severity}"),
                    moment(each.detected_at),
                    str(each.get_status_display()),
                ]
                for each in board.incidents
            ],
            ["auto", "auto", "3fr", "auto", "auto", "auto"],
        )


def _decisions(board: Board) -> Iterator[Block]:
    yield heading(_("Decisions of the committee"))
    yield _within(board, len(board.decisions))
    if board.decisions:
        yield table(
            [_("Model"), _("Version"), _("Environment"), _("Decision"), _("Decided")],
            [
                [
                    str(each.model),
                    each.request.version.label,
                    environment(each.request.environment),
                    status(BALLOTS[each.verdict]),
                    moment(each.decided_at),
                ]
                for each in board.decisions
            ],
            ["2fr", "1fr", "1fr", "auto", "auto"],
        )
    yield heading(_("Suspensions"))
    yield _within(board, len(board.suspensions))
    if board.suspensions:
        yield table(
            [_("Model"), _("Version"), _("Ordered"), _("By"), _("Reason"), _("Lifted")],
            [
                [
                    each.model.number,
                    each.authorisation.version.label,
                    moment(each.ordered_at),
                    stops.by_whom(each) or "–",
                    each.reason,
                    moment(each.lifted_at),
                ]
                for each in board.suspensions
            ],
            ["auto", "auto", "auto", "1fr", "2fr", "auto"],
        )


def _returns(board: Board) -> Iterator[Block]:
    yield _within(board, len(board.returns))
    if board.returns:
        yield table(
            [_("Number"), _("Period"), _("Models"), _("Filed on"), _("Status")],
            [
                [
                    each.number,
                    f"{day(each.starts_on)} – {day(each.ends_on)}",
                    str(each.model_count),
                    moment(each.filed_at),
                    status(each.state),
                ]
                for each in board.returns
            ],
            ["auto", "1.4fr", ">auto", "auto", "auto"],
        )
