"""Each fact as the reader knows it: a question of the registration, a degree, the licence, or an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from governance.inventory import answers
from governance.inventory.queries import spoken
from governance.inventory.questions import Question
from governance.inventory.sections import QUESTIONS, SECTION_OF
from governance.obligations.edition import flag_label
from governance.obligations.saying import reads
from governance.people.models import Organisation
from governance.risk.models import RiskAssessment

if TYPE_CHECKING:
    from governance.obligations.why.queries import Known

Kind = Literal["registration", "grade", "organisation", "event"]


@dataclass(frozen=True)
class Source:
    """One fact. text: "" where nobody has answered. section and field: where the registration form asks for it."""

    fact: str
    kind: Kind
    label: str
    text: str
    section: str = ""
    field: str = ""


def source(fact: str, known: Known) -> Source:
    """An event that is on record is told, even where the form asks about it as well."""
    if fact in known.occurred:
        return _event(fact, known)
    if fact in QUESTIONS:
        return _question(QUESTIONS[fact], known)
    if fact in ("risk_degree", "autonomy_degree"):
        return _degree(fact, known)
    if fact == "licensed":
        return _licence(known)
    return _event(fact, known)


def _question(question: Question, known: Known) -> Source:
    """A question that is not asked has its answer from the one that decides it: the way leads there."""
    given = answers.of(known.model)
    asked = question
    while asked.deciders and not answers.is_asked(asked, given):
        asked = QUESTIONS[asked.deciders[0]]
    return Source(
        question.name,
        "registration",
        str(question.label),
        spoken(question, known.model, given),
        SECTION_OF[asked.name].slug,
        asked.field,
    )


def _degree(fact: str, known: Known) -> Source:
    label = capfirst(str(RiskAssessment._meta.get_field(fact).verbose_name))  # type: ignore[union-attr]  # a column
    words = getattr(known.grade, f"get_{fact}_display")() if known.grade else ""
    return Source(fact, "grade", label, capfirst(str(words)))


def _licence(known: Known) -> Source:
    label = Organisation._meta.get_field("is_licensed").verbose_name
    return Source("licensed", "organisation", capfirst(str(label)), _yes_or_no(known.licensed))


def _event(fact: str, known: Known) -> Source:
    """Nobody is asked about events: an event that is not on record has not occurred."""
    at, label = known.occurred.get(fact), capfirst(flag_label(fact, reads()))
    if at is not None:
        day = formats.date_format(timezone.localtime(at), "DATE_FORMAT")
        return Source(fact, "event", label, _("On record since %(day)s") % {"day": day})
    holds = getattr(known.facts, fact)
    return Source(fact, "event", label, _yes_or_no(holds) if holds else _("Nothing on record"))


def _yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")
