"""The registration form, said once: its sections, their questions, and when each question is asked.

The form, the page that lists every answer, the record on the model's page and the schema of the API follow from here.
A new field is a column of AIModel, its migration and one Question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.inventory.words import Origin

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TICKED = "ticked"
"""The field of the list that answers several questions of a section at once."""
OUTSIDE = (Origin.VENDOR, Origin.OPEN_SOURCE, Origin.FINE_TUNED)


@dataclass(frozen=True)
class Question:
    """One field of AIModel.

    needed: registration waits for the answer. when: (another question, its answers that make this one asked).
    otherwise: the answer that follows where the question is not asked; None is replaced by "empty" or "no".
    """

    name: str
    needed: bool = True
    when: tuple[str, tuple[object, ...]] | None = None
    otherwise: object = None
    hint: StrOrPromise = ""

    @property
    def column(self) -> models.Field[Any, Any]:
        column = AIModel._meta.get_field(self.name)
        assert isinstance(column, models.Field)
        return column

    @property
    def label(self) -> StrOrPromise:
        """A question as it is written, a noun with a capital letter."""
        words = str(self.column.verbose_name)
        return words[:1].upper() + words[1:]

    @property
    def field(self) -> str:
        """The field of the form that answers it."""
        return TICKED if self.name in SECTION_OF[self.name].ticks else self.name

    @property
    def is_yes_or_no(self) -> bool:
        return isinstance(self.column, models.BooleanField)

    @property
    def empty(self) -> object:
        """What the column holds where there is nothing to say."""
        if self.is_yes_or_no or isinstance(self.column, models.DateField):
            return None
        return [] if isinstance(self.column, models.JSONField) else ""


@dataclass(frozen=True)
class Section:
    """when: answers of which any one makes a section relevant that asks no questions of its own.

    ticks: questions of yes or no that are answered together, by ticking a list or saying "none of these".
    rows: the rows of a model that a section lists which asks no questions.
    """

    slug: str
    title: StrOrPromise
    lead: StrOrPromise
    questions: tuple[Question, ...] = ()
    when: tuple[tuple[str, tuple[object, ...]], ...] = ()
    ticks: tuple[str, ...] = ()
    rows: str = ""

    def shown(self, fields: Collection[str]) -> set[str]:
        """The questions behind the fields of a page."""
        return {*fields, *(self.ticks if TICKED in fields else ())}


def _optional(
    name: str, *, when: tuple[str, tuple[object, ...]] | None = None, hint: StrOrPromise = ""
) -> Question:
    return Question(name, needed=False, when=when, hint=hint)


YES = (True,)

SECTIONS: tuple[Section, ...] = (
    Section(
        "what",
        _("What it is"),
        _("In words that somebody who has never seen it understands."),
        (
            Question("name", hint=_("Short, by what it does: “Credit score of retail clients”.")),
            Question("summary", hint=_("What it does and for whom, in one or two sentences.")),
            Question("purpose", hint=_("Which product or process it serves, and who acts on its result.")),
            _optional("business_process"),
            _optional("technique", hint=_("For example: gradient boosting, large language model, rules.")),
            _optional("limitations", hint=_("Where its results should not be relied upon.")),
            _optional("prohibited_uses"),
        ),
    ),
    Section(
        "people",
        _("Who answers for it"),
        _("One person answers for the model, one senior manager for its use."),
        (
            Question("owner", hint=_("This person hands in its documents and asks for its approval.")),
            Question("senior_manager", hint=_("Name and position.")),
            Question("support_contact", hint=_("A mailbox or telephone that users of the model reach.")),
            _optional("overseer", hint=_("Name and position of whoever can correct or cancel a result.")),
            _optional("kill_switch_owner", hint=_("Name and position.")),
        ),
    ),
    Section(
        "origin",
        _("Where it comes from"),
        _("The law asks different things of those who run a system and of those who only use one."),
        (
            Question("role"),
            Question("origin"),
            Question(
                "vendor",
                when=("origin", (Origin.VENDOR,)),
                hint=_("The company that the contract names."),
            ),
            _optional(
                "base_model", when=("origin", OUTSIDE), hint=_("The model underneath, with its version.")
            ),
            Question(
                "trained_model",
                when=("origin", (Origin.IN_HOUSE, Origin.VENDOR, Origin.OPEN_SOURCE)),
                otherwise=True,
            ),
        ),
    ),
    Section(
        "training",
        _("What it was trained on"),
        _("Asked because the model was trained or fine-tuned by you or for you."),
        (
            _optional(
                "training_purpose",
                when=("trained_model", YES),
                hint=_("Art. 27(3): data are gathered for a lawful purpose that was set before."),
            ),
            _optional(
                "training_data_source",
                when=("trained_model", YES),
                hint=_("Which data, of which years, from where."),
            ),
            _optional(
                "data_library_producer",
                when=("trained_model", YES),
                hint=_("Art. 27(5): name and address of whoever organised the gathering of the data."),
            ),
        ),
    ),
    Section(
        "does",
        _("What it does"),
        _("Each answer decides which requirements apply. Nothing is assumed where you have not answered."),
        (
            Question("generative"),
            Question("deepfake", when=("generative", YES)),
            Question("trading", hint=_("Price, size, time or venue of an order, with or without a trader.")),
            Question("market_making", when=("trading", YES)),
            Question("market_data"),
            Question("credit_scoring"),
            Question("emotion_or_biometric"),
        ),
        ticks=("generative", "trading", "market_data", "credit_scoring", "emotion_or_biometric"),
    ),
    Section(
        "touches",
        _("Whom it touches"),
        _("People who meet the model, whom it judges, or whose data it reads."),
        (
            Question("natural_persons", hint=_("A score, a limit, an offer or an answer about a person.")),
            Question("client_facing"),
            Question("personal_data"),
            _optional(
                "legal_basis", when=("personal_data", YES), hint=_("For example: consent of the client.")
            ),
            Question("restricted_data"),
        ),
        ticks=("natural_persons", "client_facing", "personal_data", "restricted_data"),
    ),
    Section(
        "persons",
        _("The people concerned"),
        _("Asked because its outputs concern people."),
        (
            Question("decisions_about_persons", when=("natural_persons", YES)),
            Question("solely_automated", when=("decisions_about_persons", YES)),
            Question("staff", when=("natural_persons", YES)),
            _optional("affected_groups", when=("natural_persons", YES)),
        ),
    ),
    Section(
        "runs",
        _("Where it runs"),
        _("Its mode of use and reach, and the functions that Art. 17(3) of the law prohibits."),
        (
            Question(
                "usage_mode", hint=_("Open: anybody. Closed: those you admit. Local: one installation.")
            ),
            _optional("hosting", hint=_("Your own servers, or the cloud and its region.")),
            _optional("hosted_outside", hint=_("Then the register asks who they are.")),
            _optional("user_agreement_url"),
            Question("critical_infrastructure"),
            Question("eu_scope", hint=_("Clients or counterparties in the European Union, for example.")),
            Question("prohibited_use_check"),
            _optional("prohibited_functions", hint=_("Tick what it has. Leave all empty when it has none.")),
            _optional("next_risk_review_date", hint=_("The law asks for a review every year.")),
        ),
        ticks=("critical_infrastructure", "eu_scope"),
    ),
    Section(
        "data-inputs",
        _("Which data it reads"),
        _(
            "One row for each set of data: those that it was developed with apart from those that it works with."
        ),
        when=(("trained_model", YES), ("market_data", YES), ("personal_data", YES), ("restricted_data", YES)),
        rows="datainput_rows",
    ),
    Section(
        "algorithms",
        _("Its algorithms in the order flow"),
        _("One row for each identifier under which its orders reach a venue."),
        when=(("trading", YES),),
        rows="orderalgorithm_rows",
    ),
    Section(
        "operators",
        _("Who may run it"),
        _("People and desks that were approved to run the model, and since when."),
        when=(("trading", YES),),
        rows="operator_rows",
    ),
    Section(
        "dependencies",
        _("What it feeds on and what it feeds"),
        _("Models of yours and other systems whose results it reads, or that read its own."),
        when=(("trading", YES), ("credit_scoring", YES)),
        rows="dependency_rows",
    ),
    Section(
        "adjustments",
        _("Adjustments by hand"),
        _("Corrections that people lay over its results: why, how large, by whom, and until when."),
        when=(("trading", YES), ("credit_scoring", YES)),
        rows="adjustment_rows",
    ),
    Section(
        "suppliers",
        _("Who stands behind it"),
        _("Everything from outside that the model stands on: models, data, software, hosting, services."),
        when=(("origin", OUTSIDE), ("hosted_outside", YES)),
        rows="components",
    ),
)


def questions() -> Iterator[Question]:
    """Every question, in the order in which it is asked."""
    for section in SECTIONS:
        yield from section.questions


QUESTIONS = {question.name: question for question in questions()}
BY_SLUG = {section.slug: section for section in SECTIONS}
SECTION_OF = {question.name: section for section in SECTIONS for question in section.questions}
DECIDERS = frozenset(question.when[0] for question in questions() if question.when) | {
    decider for section in SECTIONS for decider, _answers in section.when
}
"""Questions whose answer decides whether another one is asked, or whether a section is relevant."""
