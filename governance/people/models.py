"""Who works with the register, and for whom."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance.people.actor import ALL, Actor
from governance.people.isolated import Isolated, IsolatedQuerySet


class Kind(models.TextChoices):
    PARTICIPANT = "participant", _("market participant")
    SUPERVISOR = "supervisor", _("supervisor")
    AUDIT_FIRM = "audit_firm", _("audit firm")


class Role(models.TextChoices):
    MODEL_OWNER = "model_owner", _("model owner")
    VALIDATOR = "validator", _("validator (second line)")
    COMMITTEE = "committee", _("member of the risk committee")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")
    OFFICER = "officer", _("officer of the supervisor")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.reads == ALL else self.filter(id__in=actor.reads)


class Organisation(models.Model):
    """A participant of the market, its supervisor, or an audit firm."""

    withheld: ClassVar[tuple[str, ...]] = ()
    churning: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    bin = models.CharField(_("BIN"), max_length=12, unique=True)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    is_licensed = models.BooleanField(
        _("licensed for brokerage, dealing or portfolio management"), default=False
    )
    is_demo = models.BooleanField(_("made up for the demonstration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bin__regex=r"^[0-9]{12}$"), name="organisation_bin_has_twelve_digits"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="organisation_is_of_a_known_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        return str(getattr(self, f"name_{(get_language() or 'en')[:2]}", self.name_en))


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address. What they may do is said by their memberships."""

    withheld: ClassVar[tuple[str, ...]] = ("password", "email")
    churning: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="kk")
    is_active = models.BooleanField(_("may sign in"), default=True)
    wants_mail = models.BooleanField(_("messages come by e-mail, too"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower(F("email"))), name="user_email_is_in_small_letters"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(IsolatedQuerySet):
    def current(self, on: date) -> Self:
        return self.filter(starts_on__lte=on, closed_at=None).filter(Q(ends_on=None) | Q(ends_on__gte=on))


class Membership(Isolated):
    """One role of one person in one organisation, from a day to a day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    limited_to = models.JSONField(null=True, editable=False)
    """Ids of the AIModels that it lets see; None = all of the organisation."""
    closed_at = models.DateTimeField(null=True, editable=False)
    """When a visit was ended before its last day: from that moment the membership opens nothing."""

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_is_in_a_known_role"),
            models.UniqueConstraint(
                fields=["organisation", "user", "role"],
                condition=Q(ends_on=None),
                name="membership_in_a_role_is_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(Isolated):
    """A way in for a person who has no password yet. Only the hash of its secret is kept."""

    withheld = ("secret_sha256",)

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)


class ApiToken(Isolated):
    """A key for CI. Its secret is shown once; the register keeps the SHA-256 of it."""

    withheld = ("secret_sha256",)

    name = models.CharField(_("name"), max_length=80)
    secret_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="api_token_expires_after_it_was_issued"
            ),
        ]

    def __str__(self) -> str:
        return self.name
