"""What pages and programs ask about runs that were computed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.people.actor import Actor
from governance.people.models import User
from monitoring.recomputing import comparing
from monitoring.recomputing.models import Outcome, Recomputation
from monitoring.runs import words
from monitoring.runs.metrics import METRICS
from monitoring.runs.models import Run, RunStatus

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SENTENCES: dict[str, StrOrPromise] = {
    Outcome.EQUAL: _("The result has the same digest: same inputs, same library versions, same figures."),
    Outcome.FIGURES_EQUAL: _("Every figure is the same; the digest differs because the libraries do."),
    Outcome.DIFFERENT: _("The new computation gives another answer. The accepted result stays as it is."),
}
OTHER_CHECK = _(
    "Every figure is the same; the digest differs because the version of the check was %(was)s and is %(now)s."
)
OTHER_ANSWER_OF_CHECK = _(
    "The new computation gives another answer; the version of the check was %(was)s and is %(now)s."
    " The accepted result stays as it is."
)
OTHERWISE = _("Every figure is the same, yet the digest differs although the library versions are the same.")
LOOKS = {
    Outcome.EQUAL: "passed",
    Outcome.FIGURES_EQUAL: "uncertain",
    Outcome.DIFFERENT: "failed",
}


@dataclass(frozen=True)
class Beside:
    """One figure of both computations."""

    words: StrOrPromise
    subject: str
    was: float | None
    now: float | None

    @property
    def difference(self) -> float | None:
        return None if self.was is None or self.now is None else self.now - self.was


@dataclass(frozen=True)
class Again:
    """A recomputation as a page shows it. Only what is equal to the last digit is green."""

    asked: Recomputation
    accepted: dict[str, str]
    """Library versions of the accepted result."""
    check_version: str
    """Of the run."""
    name: str
    """Who asked for it."""

    @property
    def status(self) -> str:
        if self.asked.status == RunStatus.DONE:
            return LOOKS[Outcome(self.asked.outcome)]
        return "not_run" if self.asked.is_finished else str(self.asked.status)

    @property
    def state(self) -> StrOrPromise:
        if self.asked.status == RunStatus.DONE:
            return capfirst(str(Outcome(self.asked.outcome).label))
        return words.STATES[self.status]

    @property
    def sentence(self) -> str:
        if self.asked.status == RunStatus.FAILED:
            return words.cause(self.asked.error)
        if self.other_check:
            was, now = self.other_check
            same = self.asked.outcome == Outcome.FIGURES_EQUAL
            return str(OTHER_CHECK if same else OTHER_ANSWER_OF_CHECK) % {"was": was, "now": now}
        if self.asked.outcome == Outcome.FIGURES_EQUAL and not self.other_libraries:
            return str(OTHERWISE)
        return str(SENTENCES.get(self.asked.outcome, ""))

    @property
    def phase(self) -> str:
        waits = self.asked.status == RunStatus.DUE
        return str(words.WAITING) if waits else words.phase(self.asked.phase)

    @property
    def other_libraries(self) -> list[tuple[str, str, str]]:
        """Name, version of the accepted result, version of the new computation: those that differ."""
        if self.asked.status != RunStatus.DONE:
            return []
        now = self.asked.libraries
        names = sorted({*self.accepted, *now})
        pairs = [(name, self.accepted.get(name, "–"), now.get(name, "–")) for name in names]
        return [each for each in pairs if each[1] != each[2]]

    @property
    def other_check(self) -> tuple[str, str] | None:
        """Version of the check in the run, and the one by which it was computed again, where they differ."""
        was, now = self.check_version, self.asked.check_version
        return (was, now) if now not in ("", was) and self.asked.outcome != Outcome.EQUAL else None

    @property
    def libraries(self) -> list[tuple[str, str]]:
        return sorted(self.asked.libraries.items())

    @property
    def differing(self) -> list[Beside]:
        return [
            Beside(METRICS.get(each["metric"], each["metric"]), each["subject"], each["was"], each["now"])
            for each in self.asked.figures
            if not comparing.is_same(each)
        ]


def recomputations(actor: Actor, run: Run) -> list[Again]:
    """The newest first, in two queries whatever their number."""
    there = list(Recomputation.objects.visible_to(actor).filter(run=run))
    names: dict[UUID, str] = dict(
        User.objects.filter(pk__in={each.requested_by_id for each in there}).values_list("pk", "name")
    )
    result = getattr(run, "result", None)
    accepted = dict(result.libraries) if result else {}
    return [Again(each, accepted, run.check_version, names.get(each.requested_by_id, "–")) for each in there]
