"""The profile, said once: what is asked of a model beyond its registration, in short sections.

Nothing here keeps a model from being registered. `when` and `degrees` keep it short: a tool of minimal risk is asked the
few things that hold for any model, a trading model of high risk nearly all.
"""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.inventory.profile.models import (
    ClientProfile,
    DataProfile,
    LawProfile,
    OversightProfile,
    PeopleProfile,
    PersonsProfile,
    SourcingProfile,
    StakesProfile,
    TechniqueProfile,
    TradingProfile,
    UseProfile,
)
from governance.inventory.profile.words import (
    AssetClass,
    Consulted,
    Language,
    LearningMode,
    Output,
    SpecialData,
)
from governance.inventory.questions import HIGH, LEARNT, MEDIUM_UP, YES, Question, Section, optional, where
from governance.inventory.words import OUTSIDE

TRADES = where(trading=YES)
EU = where(eu_scope=YES)
A_LINE_EACH = _("One in each line.")
IN_EACH = _("A notice or a label counts once it is on file in each of them.")


def _living_in(table: type[models.Model], *questions: Question) -> tuple[Question, ...]:
    return tuple(replace(question, table=table) for question in questions)


def _from(degrees: tuple[str, ...], *questions: Question) -> tuple[Question, ...]:
    """Questions that wait for the grade, and are asked where it says one of these degrees of risk."""
    return tuple(replace(question, degrees=degrees) for question in questions)


PROFILE: tuple[Section, ...] = (
    Section(
        "use",
        _("How it is used"),
        _("What it gives, to whom and how often."),
        _living_in(
            UseProfile,
            optional("how_it_works", hint=_("Its logic in a few sentences, as for a colleague.")),
            optional("outputs", options=Output),
            optional("output_consumer", hint=_("A post, a desk or a system.")),
            optional("decisions_per_month"),
            optional("jurisdictions", hint=A_LINE_EACH),
            *_from(MEDIUM_UP, optional("clients_reached"), optional("turnover_reached")),
        ),
        later=True,
    ),
    Section(
        "bounds",
        _("Within which bounds"),
        _("What it may be used for, and where its results hold."),
        _living_in(
            UseProfile,
            *_from(
                MEDIUM_UP,
                optional("approved_uses", hint=_("One in each line, as whoever approves it allows them.")),
                optional("actual_use", hint=_("As it was seen, beside what it is meant for.")),
                optional("operating_boundaries", hint=_("Ranges of the inputs, markets, conditions.")),
                optional("usage_limits", hint=_("The largest amount, the most decisions in a day.")),
                optional("assumptions", hint=_("What has to hold for its results to be right.")),
                optional("former_process"),
                optional("alternatives", hint=_("And why they were not chosen.")),
            ),
        ),
        later=True,
    ),
    Section(
        "responsible",
        _("Who else takes part"),
        _("Who built it, who checks it, who stands in for its owner."),
        _living_in(
            PeopleProfile,
            optional("owner_deputy", hint=_("Name and position.")),
            optional("developer", hint=_("A person, a team or a company.")),
            *_from(
                MEDIUM_UP,
                optional("validator", hint=_("Somebody else than the developer.")),
                optional("consulted", options=Consulted),
                optional("operator_training"),
            ),
            optional("submitted_for", hint=_("Only where somebody else registers it in your name.")),
            optional("authorised_representative", EU),
        ),
        later=True,
    ),
    Section(
        "sourcing",
        _("What is bought"),
        _("Asked because it comes from outside."),
        _living_in(
            SourcingProfile,
            optional("supplier_task", where(origin=OUTSIDE)),
            optional(
                "procured_by", where(origin=OUTSIDE), hint=_("Tender, direct contract, free of charge.")
            ),
            optional("data_access_terms", where(origin=OUTSIDE)),
        ),
        later=True,
    ),
    Section(
        "technique",
        _("How it is made"),
        _("Its kind, how it learns and how far its results can be explained."),
        _living_in(
            TechniqueProfile,
            optional("model_class"),
            optional("learning_mode"),
            optional("retraining_months", where(learning_mode=(LearningMode.PERIODIC,))),
            optional("change_limits", where(learning_mode=(LearningMode.SELF_LEARNING,))),
            optional("is_black_box"),
            optional("black_box_controls", where(is_black_box=YES)),
            optional("test_environment"),
            optional("compute_resources"),
            *_from(
                MEDIUM_UP,
                optional("explainability_required"),
                optional("explainability_achieved"),
                optional("explanation_method", hint=_("For example: SHAP, coefficients, counterfactuals.")),
            ),
        ),
        later=True,
    ),
    Section(
        "data",
        _("Its data"),
        _("What it reads in use, and what it learnt from."),
        _living_in(
            DataProfile,
            optional("input_data", hint=_("In short; each data set is described on a page of its own.")),
            optional("special_data", options=SpecialData),
            optional("personal_attributes", where(natural_persons=YES, client_facing=YES), hint=A_LINE_EACH),
            optional(
                "sensitive_attributes",
                where(natural_persons=YES),
                hint=_("Or why there are none: sex, age, ethnicity, and what goes along with them."),
            ),
            optional("protection_assessed_on", where(personal_data=YES)),
            *_from(
                MEDIUM_UP,
                optional("operational_data"),
                optional("training_from", LEARNT),
                optional("training_to", LEARNT),
                optional("training_rows", LEARNT),
                optional("training_completeness", LEARNT, hint=_("What is missing, and how much.")),
                optional("training_representativeness", LEARNT),
            ),
        ),
        later=True,
    ),
    Section(
        "oversight",
        _("People above it"),
        _("Who can step in, and what happens when it fails."),
        _living_in(
            OversightProfile,
            optional("human_oversight_mode"),
            optional("can_be_overridden"),
            *_from(
                HIGH,
                optional("months_to_replace"),
                optional("fallback"),
                optional("contingency_plan"),
                optional("security_assessed_on"),
                optional("security_assessed_by", hint=_("A unit of the firm or a company.")),
            ),
        ),
        later=True,
    ),
    Section(
        "stakes",
        _("What is at stake"),
        _("Your own judgement, beside the grade that is computed."),
        _living_in(
            StakesProfile,
            *_from(
                MEDIUM_UP,
                optional("purpose_class"),
                optional("inherent_risk"),
                optional("exposure"),
                optional("residual_risk"),
                optional("residual_reason"),
            ),
        ),
        later=True,
    ),
    Section(
        "orders",
        _("What it does with orders"),
        _("Asked because it trades."),
        _living_in(
            TradingProfile,
            optional("initiates_orders", TRADES),
            optional("routes_orders", TRADES),
            optional("executes_orders", TRADES),
            optional("discretionary", TRADES),
            optional("asset_classes", TRADES, options=AssetClass),
            optional("largest_order", TRADES),
            optional("largest_position", TRADES),
            optional("largest_daily_loss", TRADES),
            optional("orders_per_day", TRADES),
            optional("limits_set_by", TRADES, hint=_("Name and position.")),
            optional("switch_off", TRADES),
            optional("abuse_controls", TRADES),
        ),
        later=True,
    ),
    Section(
        "clients",
        _("What clients are told"),
        _("Asked because clients or counterparties meet it."),
        _living_in(
            ClientProfile,
            optional("disclosed", where(client_facing=YES)),
            optional("client_languages", where(client_facing=YES), options=Language, hint=IN_EACH),
            optional("client_notification", where(client_facing=YES)),
            optional("disclosure_text", where(disclosed=YES)),
            optional("human_channel", where(client_facing=YES), hint=_("Where a client reaches a person.")),
            optional("appeal_route", where(client_facing=YES)),
        ),
        later=True,
    ),
    Section(
        "concerned",
        _("What the people concerned are told"),
        _("Asked because decisions about people rest on it."),
        _living_in(
            PersonsProfile,
            optional("objection_deadline", where(decisions_about_persons=YES)),
            optional("explanation_given", where(decisions_about_persons=YES)),
        ),
        later=True,
    ),
    Section(
        "law",
        _("How the law sees it"),
        _("What it is under the law, which acts apply, and what is applied for."),
        (
            *_living_in(
                LawProfile,
                optional("is_ai_system"),
                optional("ai_system_reason", where(is_ai_system=(True, False))),
                optional("applicable_acts", hint=A_LINE_EACH),
            ),
            *_from(MEDIUM_UP, optional("audit_planned")),
            optional("human_subject_evaluation", where(natural_persons=YES)),
            *_from(HIGH, optional("seeks_trusted_list")),
            optional("eu_derogation_claimed", EU),
            *_living_in(
                LawProfile,
                optional("trusted_list_status", where(seeks_trusted_list=YES)),
                optional("eu_database_id", EU),
            ),
        ),
        later=True,
    ),
    Section(
        "life",
        _("Its life"),
        _("Where it stands between the first idea and its end, and which papers go with it."),
        _living_in(
            LawProfile,
            optional("stage"),
            optional("in_service_on"),
            optional("retires_on"),
            optional("publication"),
            *_from(
                HIGH,
                optional("certificate_kind", hint=_("For example: report of an audit of AI.")),
                optional("certificate_number"),
                optional("certificate_body"),
                optional("certificate_ends_on"),
            ),
        ),
        later=True,
    ),
)
