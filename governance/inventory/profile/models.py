"""The profile of a model: what is told of it beyond its registration, in a table for each section, one row for a model."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel, answer
from governance.inventory.profile.columns import choice, day, line, number, several, text
from governance.inventory.profile.words import (
    Explainability,
    LearningMode,
    Level,
    ModelClass,
    OversightMode,
    Publication,
    PurposeClass,
    Stage,
    TrustedList,
)
from governance.people.isolated import Isolated


class Profile(Isolated):
    """One section of the profile. The row is written with its first answer."""

    bears_on = "model_id"

    model = models.OneToOneField(AIModel, on_delete=models.PROTECT, related_name="%(class)s", editable=False)

    class Meta:
        abstract = True


class UseProfile(Profile):
    how_it_works = text(_("how it works"))
    approved_uses = several(_("approved uses"))
    actual_use = text(_("how it is used in fact"))
    operating_boundaries = text(_("within which bounds it is valid"))
    usage_limits = text(_("limits on its use"))
    outputs = several(_("what it puts out"))
    output_consumer = line(_("who or what takes its results in"))
    decisions_per_month = number(_("results in a month"))
    clients_reached = number(_("clients that it reaches in a year"))
    turnover_reached = number(_("turnover that depends on it in a year, KZT"))
    jurisdictions = several(_("countries in which it is used"))
    assumptions = text(_("assumptions"))
    former_process = text(_("how the work was done before"))
    alternatives = text(_("alternatives that were considered"))


class PeopleProfile(Profile):
    owner_deputy = line(_("deputy of the owner"))
    developer = line(_("developer"))
    validator = line(_("independent validator"))
    consulted = several(_("who was consulted"))
    operator_training = text(_("training that its operators need"))
    submitted_for = line(_("person who submits it for another, with contact"))
    authorised_representative = line(_("authorised representative in the European Union"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(validator="") | ~Q(validator=F("developer")),
                name="a_validator_is_not_the_developer",
            )
        ]


class SourcingProfile(Profile):
    supplier_task = line(_("what the supplier does for you"))
    procured_by = line(_("how it was procured"))
    data_access_terms = text(_("access of the supplier to your data under the contract"))


class TechniqueProfile(Profile):
    model_class = choice(_("class of model"), ModelClass)
    learning_mode = choice(_("how it learns"), LearningMode)
    retraining_months = number(_("months between two trainings"))
    change_limits = text(_("how far it may change by itself, and who watches that"))
    explainability_required = choice(_("what has to be explainable"), Explainability)
    explainability_achieved = choice(_("what is explainable in fact"), Explainability)
    explanation_method = line(_("method of explanation"))
    is_black_box = answer(_("Is it a black box to those who use it?"))
    black_box_controls = text(_("controls in place of an explanation"))
    test_environment = text(_("where it is tested before use"))
    compute_resources = text(_("computing resources that it needs"))


class DataProfile(Profile):
    input_data = text(_("data that it reads, with their sources"))
    operational_data = text(_("how data in use differ from those of development"))
    special_data = several(_("kinds of data that ask for care"))
    personal_attributes = several(_("attributes of persons that it uses"))
    sensitive_attributes = text(_("sensitive attributes and what may stand in for them"))
    protection_assessed_on = day(_("day of the personal data protection assessment"))
    training_from = day(_("training data from"))
    training_to = day(_("training data to"))
    training_rows = number(_("training data, rows"))
    training_completeness = text(_("completeness of the training data"))
    training_representativeness = text(_("whom and what the training data represent"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(training_from=None)
                | Q(training_to=None)
                | Q(training_from__lte=F("training_to")),
                name="training_data_do_not_end_before_they_begin",
            )
        ]


class OversightProfile(Profile):
    human_oversight_mode = choice(_("part that a person takes"), OversightMode)
    can_be_overridden = answer(_("Can a person set its result aside?"))
    months_to_replace = number(_("months to replace it"))
    fallback = text(_("what is done while it stands still"))
    contingency_plan = text(_("plan for its failure"))
    security_assessed_on = day(_("day of the last security assessment"))
    security_assessed_by = line(_("who assessed its security"))


class StakesProfile(Profile):
    purpose_class = choice(_("class of purpose"), PurposeClass)
    inherent_risk = choice(_("risk before controls"), Level)
    exposure = number(_("the most that may be lost through it in a day, KZT"))
    residual_risk = choice(_("risk that remains after controls"), Level)
    residual_reason = text(_("why that much remains"))


class TradingProfile(Profile):
    initiates_orders = answer(_("Does it initiate orders?"))
    routes_orders = answer(_("Does it choose where an order goes?"))
    executes_orders = answer(_("Does it execute orders?"))
    discretionary = answer(_("Is it used in discretionary management of clients' money?"))
    asset_classes = several(_("what it trades"))
    largest_order = number(_("largest order, KZT"))
    largest_position = number(_("largest position, KZT"))
    largest_daily_loss = number(_("loss in a day at which it stops, KZT"))
    orders_per_day = number(_("orders in a day at most"))
    limits_set_by = line(_("who sets its risk parameters"))
    switch_off = text(_("how it is switched off, and what happens to open orders"))
    abuse_controls = text(_("controls against manipulation of the market"))


class ClientProfile(Profile):
    disclosed = answer(_("Are clients told that they deal with AI?"))
    client_languages = several(_("languages in which clients are addressed"))
    client_notification = text(_("how and where clients are told"))
    disclosure_text = text(_("text of the disclosure"))
    human_channel = line(_("way to a person"))
    appeal_route = text(_("way to complain or to appeal"))


class PersonsProfile(Profile):
    objection_deadline = number(_("working days to answer an objection"))
    explanation_given = text(_("what a person concerned is told about a decision"))


class LawProfile(Profile):
    stage = choice(_("stage of its life"), Stage)
    in_service_on = day(_("in service since"))
    retires_on = day(_("planned end of its use"))
    is_ai_system = answer(_("Is it judged to be an AI system?"))
    ai_system_reason = text(_("why it is, or is not, an AI system"))
    applicable_acts = several(_("acts that apply to it"))
    publication = choice(_("who may read its record"), Publication)
    trusted_list_status = choice(_("standing in the list of trusted systems"), TrustedList)
    certificate_kind = line(_("certificate or audit report"))
    certificate_number = line(_("number of the certificate"))
    certificate_body = line(_("body that gave the certificate"))
    certificate_ends_on = day(_("certificate valid until"))
    eu_database_id = line(_("number in the database of the European Union"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(in_service_on=None) | Q(retires_on=None) | Q(in_service_on__lte=F("retires_on")),
                name="a_model_does_not_retire_before_its_service",
            )
        ]


TABLES: tuple[type[Profile], ...] = (
    UseProfile,
    PeopleProfile,
    SourcingProfile,
    TechniqueProfile,
    DataProfile,
    OversightProfile,
    StakesProfile,
    TradingProfile,
    ClientProfile,
    PersonsProfile,
    LawProfile,
)
