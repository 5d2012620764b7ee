"""What a participant uses: models, their frozen versions, their documents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.reviewed import Reviewed, ReviewedQuerySet, constraints_of, standing, state_of
from governance.inventory.words import ArtefactFormat, LawRole, Origin, Status, UsageMode
from governance.people.isolated import Isolated, IsolatedQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def answer(label: StrOrPromise) -> models.BooleanField[Any, Any]:
    """A yes or no of the registration form; null means that nobody has answered yet."""
    return models.BooleanField(label, null=True, blank=True)


def tick(label: StrOrPromise) -> models.BooleanField[Any, Any]:
    """An act or a plan that nobody has to deny: no until somebody says yes."""
    return models.BooleanField(label, default=False)


class AIModelQuerySet(IsolatedQuerySet):
    def registered(self) -> Self:
        return self.filter(status=Status.REGISTERED)

    def of(self, user_id: object) -> Self:
        return self.filter(owner_id=user_id)


class AIModel(Isolated):
    """One use of AI by one organisation: the law's "AI system"."""

    churning = ("revision",)

    number = models.CharField(_("number"), max_length=12, editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.DRAFT, editable=False
    )
    revision = models.BigIntegerField(default=0, editable=False)

    name = models.CharField(_("name"), max_length=120)
    summary = models.CharField(_("summary in plain words"), max_length=350, blank=True)
    purpose = models.TextField(_("purpose: which decision does it support"), blank=True)
    business_process = models.CharField(_("business process"), max_length=200, blank=True)
    technique = models.CharField(_("technique"), max_length=120, blank=True)
    limitations = models.TextField(_("known limitations"), blank=True)
    prohibited_uses = models.TextField(_("uses that are out of scope"), blank=True)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("model owner")
    )
    senior_manager = models.CharField(_("senior responsible person"), max_length=120, blank=True)
    support_contact = models.CharField(_("contact"), max_length=200, blank=True)
    overseer = models.CharField(_("person who watches over its results"), max_length=200, blank=True)
    kill_switch_owner = models.CharField(_("person who can switch it off"), max_length=200, blank=True)

    role = models.CharField(_("your role towards the system"), max_length=16, choices=LawRole, blank=True)
    origin = models.CharField(_("origin"), max_length=16, choices=Origin, blank=True)
    vendor = models.CharField(_("vendor"), max_length=200, blank=True)
    base_model = models.CharField(_("base model"), max_length=200, blank=True)
    hosting = models.CharField(_("hosting"), max_length=200, blank=True)
    hosted_outside = answer(_("Does somebody else run the servers or the cloud it works on?"))
    trained_model = answer(_("Was it trained or fine-tuned by you or for you?"))
    training_purpose = models.TextField(_("purpose of the training data, set beforehand"), blank=True)
    training_data_source = models.CharField(_("source of the training data"), max_length=300, blank=True)
    data_library_producer = models.CharField(_("producer of the data library"), max_length=300, blank=True)

    generative = answer(_("Does it generate or change text, images, sound or video?"))
    deepfake = answer(_("Does it make content that resembles real persons, places or events?"))
    trading = answer(_("Does it set parameters of orders?"))
    market_making = answer(_("Is it a market-making strategy?"))
    market_data = answer(_("Does it depend on market data?"))
    credit_scoring = answer(_("Does it score the creditworthiness of natural persons?"))
    emotion_or_biometric = answer(_("Does it recognise emotions or sort people by biometrics?"))

    natural_persons = answer(_("Do its outputs concern people?"))
    decisions_about_persons = answer(_("Are decisions about people made or assisted with it?"))
    solely_automated = answer(_("Are those decisions made without a human?"))
    client_facing = answer(_("Do clients or counterparties meet it or its output?"))
    staff = answer(_("Are your own staff its subjects?"))
    personal_data = answer(_("Are personal data processed?"))
    restricted_data = answer(_("Is data with access limited by law processed (bank secrecy, for example)?"))
    legal_basis = models.CharField(_("legal basis of processing personal data"), max_length=300, blank=True)
    affected_groups = models.TextField(_("groups of people affected"), blank=True)

    usage_mode = models.CharField(_("mode of use"), max_length=8, choices=UsageMode, blank=True)
    critical_infrastructure = answer(
        _("Is it a critically important object, or does it form state information resources?")
    )
    eu_scope = answer(_("Does it fall under the law of the European Union?"))
    prohibited_use_check = answer(_("Were the prohibited functions of Art. 17(3) checked?"))
    prohibited_functions = models.JSONField(_("prohibited functions that it has"), default=list, blank=True)
    user_agreement_url = models.URLField(_("address of the user agreement"), blank=True)
    next_risk_review_date = models.DateField(_("next review of risks"), null=True, blank=True)

    audit_planned = tick(_("An audit of it is planned."))
    seeks_trusted_list = tick(_("It is meant for the list of trusted systems."))
    human_subject_evaluation = tick(_("It is tried out on people."))
    eu_derogation_claimed = tick(_("You claim that the exemption of Art. 6(3) of the EU AI Act covers it."))

    registered_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AIModelQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"], name="model_number_is_unique_in_its_organisation"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="model_is_in_a_known_status"),
            models.CheckConstraint(
                condition=~Q(status=Status.REGISTERED) | Q(registered_at__isnull=False),
                name="model_was_registered_unless_draft",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.WITHDRAWN)
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="model_is_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def is_registered(self) -> bool:
        return self.status == Status.REGISTERED

    @property
    def acknowledgement(self) -> str:
        """The number that confirms the registration: the model's and the day. Empty for a draft."""
        if self.registered_at is None:
            return ""
        return f"{self.number}/{timezone.localdate(self.registered_at):%Y%m%d}"


class ModelVersion(Isolated):
    """A frozen version: its artefact is known by its SHA-256, and `digest` covers all that was said of it."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="versions")
    label = models.CharField(_("version"), max_length=40)
    artefact_name = models.CharField(_("file"), max_length=200, blank=True)
    artefact_format = models.CharField(
        _("format"), max_length=16, choices=ArtefactFormat, default=ArtefactFormat.NONE
    )
    artefact_sha256 = models.CharField(max_length=64, blank=True)
    artefact_size = models.BigIntegerField(default=0)
    features = models.JSONField(_("features, in order"), default=list)
    decision_threshold = models.FloatField(_("decision threshold"), null=True, blank=True)
    metrics = models.JSONField(_("metrics stated by its maker"), default=dict, blank=True)
    registry = models.JSONField(_("facts copied from the registry it came from"), default=dict, blank=True)
    notes = models.TextField(_("what changed"), blank=True)
    digest = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "label"], name="version_label_is_unique_in_its_model"
            ),
            models.CheckConstraint(
                condition=Q(artefact_format=ArtefactFormat.NONE, artefact_sha256="")
                | (~Q(artefact_format=ArtefactFormat.NONE) & Q(artefact_sha256__regex=r"^[0-9a-f]{64}$")),
                name="version_names_its_artefact_by_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def has_artefact(self) -> bool:
        return bool(self.artefact_sha256)


class Document(Isolated):
    """A paper of a model. One file may answer for several kinds of document."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    kinds = models.JSONField(_("kinds of document"), default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def standing(self) -> Revision | None:
        """The revision that counts today, out of those fetched with the document."""
        return standing(self.revisions.all(), timezone.localdate())

    @property
    def shown(self) -> tuple[Revision, str]:
        """The revision that counts, or else the newest, and its state."""
        counting, today = self.standing, timezone.localdate()
        revision = counting or self.revisions.all()[0]
        return revision, state_of(revision, counting, today)

    @property
    def waiting(self) -> Revision | None:
        """The newest revision that waits for a review, out of those fetched with the document."""
        return next((each for each in self.revisions.all() if each.awaits_review), None)


class RevisionQuerySet(ReviewedQuerySet):
    def standing(self, on: date) -> Self:
        """Of every document the newest revision that was accepted, was not withdrawn, and whose day has come."""
        return (
            self.counted()
            .filter(effective_on__lte=on)
            .order_by("document_id", "-number")
            .distinct("document_id")
        )


class Revision(Reviewed):
    """One revision of a document: a stored file that never changes. It counts once a second person has accepted it.

    A withdrawn one keeps its file and its digest.
    """

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="revisions")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            *constraints_of("revision"),
            models.UniqueConstraint(
                fields=["organisation", "document", "number"],
                name="revision_number_is_unique_in_its_document",
            ),
        ]
