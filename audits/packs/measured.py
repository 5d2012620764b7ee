"""Chapters on checks: what was asked, what was measured with n and interval, and over which data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from audits.packs.blocks import (
    Block,
    Cell,
    code,
    day,
    heading,
    interval,
    moment,
    number,
    quiet,
    status,
    table,
    text,
)
from audits.packs.gathered import Gathered
from monitoring.data.models import Window
from monitoring.runs.asked import Asked
from monitoring.runs.queries import Answer
from monitoring.runs.words import STATES

MOST_FIGURES = 30


def checks(gathered: Gathered) -> Iterator[Block]:
    """The latest answer to every question, for the newest version."""
    for asked in gathered.board.asked:
        yield heading(f"{asked.check.title} · {asked.dataset.name}")
        if asked.latest is None:
            yield quiet(_unasked(asked))
            continue
        yield from _answer(asked.latest)
        if asked.reason:
            reason = f"{asked.reason} {asked.limits_basis}".strip()
            yield quiet(_("Limits: %(reason)s") % {"reason": reason})


def _unasked(asked: Asked) -> str:
    if asked.lacking:
        return _("Not run: it lacks %(missing)s.") % {"missing": asked.missing}
    return _("Not run for the newest version.")


def _answer(answer: Answer) -> Iterator[Block]:
    yield {"kind": "verdict", "cell": status(answer.status, answer.state), "text": answer.sentence}
    figures = sorted(answer.all_figures, key=_decisive)
    if figures:
        yield table(
            [_("Figure"), _("Subject"), _("Value"), _("95% interval"), "n", _("Limit"), _("Result")],
            [_figure(str(name), figure) for name, figure in figures[:MOST_FIGURES]],
            ["2fr", "1.4fr", ">auto", ">auto", ">auto", ">auto", "auto"],
        )
    if len(figures) > MOST_FIGURES:
        left = len(figures) - MOST_FIGURES
        yield quiet(_("%(count)s further figures are in data/checks.") % {"count": left})
    if answer.result:
        libraries = ", ".join(f"{name} {version}" for name, version in answer.libraries)
        yield quiet(
            _("Version %(version)s over “%(window)s”, %(at)s. %(libraries)s. Result %(digest)s…")
            % {
                "version": answer.run.version,
                "window": answer.run.window,
                "at": moment(answer.run.finished_at),
                "libraries": libraries,
                "digest": answer.result.sha256[:16],
            }
        )


def _decisive(named: tuple[object, Any]) -> tuple[bool, str, float]:
    """Figures with a limit first, then the largest of each kind."""
    _name, figure = named
    return figure.limit is None, figure.metric, -abs(figure.value or 0.0)


def _figure(name: str, figure: Any) -> list[Any]:
    said = STATES.get(figure.verdict)
    verdict = (
        status(figure.verdict, said) if said else "–"
    )  # most figures only stand beside the one that decides
    return [
        name,
        figure.subject or "–",
        number(figure.value),
        interval(figure.low, figure.high),
        number(figure.n),
        number(figure.limit),
        verdict,
    ]


def _standing(window: Window) -> Cell:
    if window.erased_at and not window.withdrawn_at:
        erased = timezone.localdate(window.erased_at)
        return status("active", _("Rows erased on %(day)s.") % {"day": day(erased)})
    return status("withdrawn" if window.withdrawn_at else "active")


def runs(gathered: Gathered) -> Iterator[Block]:
    if gathered.windows:
        yield heading(_("Data periods"))
        yield table(
            [_("Dataset"), _("Period"), _("From"), _("To"), _("Rows"), _("Digest"), _("State")],
            [
                [
                    window.dataset.title,
                    f"{window.name} ({window.get_part_display()})",
                    day(window.starts_on),
                    day(window.ends_on),
                    number(window.rows),
                    code(window.sha256),
                    _standing(window),
                ]
                for window in gathered.windows
            ],
            ["1.2fr", "1.6fr", "auto", "auto", ">auto", "auto", "auto"],
        )
    if gathered.history:
        yield heading(_("Runs"))
        yield table(
            [_("Check"), _("Version"), _("Data period"), _("Ended"), _("Result"), _("Digest")],
            [
                [
                    str(answer.title),
                    answer.run.version.label,
                    answer.run.window.name,
                    moment(answer.run.finished_at),
                    status(answer.status, answer.state),
                    code(answer.result.sha256 if answer.result else ""),
                ]
                for answer in gathered.history
            ],
            ["1.4fr", "auto", "1.4fr", "auto", "auto", "auto"],
        )
    if gathered.run_count > len(gathered.history):
        left = gathered.run_count - len(gathered.history)
        yield text(_("%(count)s earlier runs are in data/checks.") % {"count": left})
