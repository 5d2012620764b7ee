"""The registration form, said once: its sections, their questions, and when each question is asked.

The form, the page that lists every answer, the record on the model's page and the schema of the API follow from here.
A new field is a column of AIModel or of a table of the profile, its migration and one Question.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from governance.inventory.profile.sections import PROFILE
from governance.inventory.questions import LEARNT, YES, Question, Section, optional, where
from governance.inventory.words import OUTSIDE, Origin, ProhibitedFunction

REGISTRATION: tuple[Section, ...] = (
    Section(
        "what",
        _("What it is"),
        _("In words that somebody who has never seen it understands."),
        (
            Question("name", hint=_("Short, by what it does: “Credit score of retail clients”.")),
            Question("summary", hint=_("What it does and for whom, in one or two sentences.")),
            Question("purpose", hint=_("Which product or process it serves, and who acts on its result.")),
            optional("business_process"),
            optional("technique", hint=_("For example: gradient boosting, large language model, rules.")),
            optional("limitations", hint=_("Where its results should not be relied upon.")),
            optional("prohibited_uses"),
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
            optional("overseer", hint=_("Name and position of whoever can correct or cancel a result.")),
            optional("kill_switch_owner", hint=_("Name and position.")),
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
                when=(where(origin=(Origin.VENDOR,)),),
                hint=_("The company that the contract names."),
            ),
            optional("base_model", where(origin=OUTSIDE), hint=_("The model underneath, with its version.")),
            Question(
                "trained_model",
                when=(where(origin=(Origin.IN_HOUSE, Origin.VENDOR, Origin.OPEN_SOURCE)),),
                otherwise=True,
            ),
        ),
    ),
    Section(
        "training",
        _("What it was trained on"),
        _("Asked because the model was trained or fine-tuned by you or for you."),
        (
            optional(
                "training_purpose",
                LEARNT,
                hint=_("Art. 27(3): data are gathered for a lawful purpose that was set before."),
            ),
            optional(
                "training_data_source",
                LEARNT,
                hint=_("Which data, of which years, from where."),
            ),
            optional(
                "data_library_producer",
                LEARNT,
                hint=_("Art. 27(5): name and address of whoever organised the gathering of the data."),
            ),
        ),
    ),
    Section(
        "does",
        _("What it does"),
        _("Each answer decides which requirements apply. Nothing is assumed where you have not answered."),
        (
            Question("generative", ticked=True),
            Question("deepfake", when=(where(generative=YES),)),
            Question(
                "trading",
                ticked=True,
                hint=_("Price, size, time or venue of an order, with or without a trader."),
            ),
            Question("market_making", when=(where(trading=YES),)),
            Question("market_data", ticked=True),
            Question("credit_scoring", ticked=True),
            Question("emotion_or_biometric", ticked=True),
        ),
    ),
    Section(
        "touches",
        _("Whom it touches"),
        _("People who meet the model, whom it judges, or whose data it reads."),
        (
            Question(
                "natural_persons",
                ticked=True,
                hint=_("A score, a limit, an offer or an answer about a person."),
            ),
            Question("client_facing", ticked=True),
            Question("personal_data", ticked=True),
            optional("legal_basis", where(personal_data=YES), hint=_("For example: consent of the client.")),
            Question("restricted_data", ticked=True),
        ),
    ),
    Section(
        "persons",
        _("The people concerned"),
        _("Asked because its outputs concern people."),
        (
            Question("decisions_about_persons", when=(where(natural_persons=YES),)),
            Question("solely_automated", when=(where(decisions_about_persons=YES),)),
            Question("staff", when=(where(natural_persons=YES),)),
            optional("affected_groups", where(natural_persons=YES)),
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
            optional("hosting", hint=_("Your own servers, or the cloud and its region.")),
            optional("hosted_outside", hint=_("Then the register asks who they are.")),
            optional("user_agreement_url"),
            Question("critical_infrastructure", ticked=True),
            Question(
                "eu_scope",
                ticked=True,
                hint=_("Clients or counterparties in the European Union, for example."),
            ),
            Question("prohibited_use_check"),
            optional(
                "prohibited_functions",
                hint=_("Tick what it has. Leave all empty when it has none."),
                options=ProhibitedFunction,
            ),
            optional("next_risk_review_date", hint=_("The law asks for a review every year.")),
        ),
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

SECTIONS = (*REGISTRATION, *PROFILE)


def questions() -> Iterator[Question]:
    """Every question, in the order in which it is asked."""
    for section in SECTIONS:
        yield from section.questions


QUESTIONS = {question.name: question for question in questions()}
BY_SLUG = {section.slug: section for section in SECTIONS}
SECTION_OF = {question.name: section for section in SECTIONS for question in section.questions}
DECIDERS = frozenset(name for question in questions() for name in question.deciders) | {
    decider for section in SECTIONS for decider, _answers in section.when
}
"""Questions whose answer decides whether another one is asked, or whether a section is relevant."""
