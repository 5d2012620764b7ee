"""What a dataset says of the rows of its data periods, and how long a data period keeps its rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitoring.shielding import pseudonyms


class LegalBasis(models.TextChoices):
    """Kinds of what rows of people rest on. Which article that is, the firm says in words."""

    CONSENT = "consent", _("consent of the persons concerned")
    CONTRACT = "contract", _("contract with the persons concerned")
    LAW = "law", _("required or allowed by law")
    OTHER = "other", _("another basis")


class Pseudonyms(models.TextChoices):
    """How the firm makes the identifiers of protected rows: `pseudonyms.py` says how they look."""

    HMAC = pseudonyms.HMAC, _("HMAC-SHA-256 with a key that stays in the organisation")
    UUID = pseudonyms.UUID, _("random UUID; the table that leads back stays in the organisation")


class Shielded(models.Model):
    """Columns of a Dataset. Careful until somebody says otherwise.

    pseudonym_keeper: who keeps the key or the table of the pseudonyms, and when it is changed.
    """

    personal = models.BooleanField(_("its rows are personal data"), default=True)
    bank_secret = models.BooleanField(_("its rows are a bank secret"), default=True)
    protection_reason = models.CharField(
        _("why the rows need less protection than the model's answers say"), max_length=300, blank=True
    )
    looks_personal = models.JSONField(
        _("columns that look personal and are taken in"), default=dict, blank=True
    )
    """Per column the reason."""
    pseudonyms = models.CharField(
        _("how identifiers are made"), max_length=12, choices=Pseudonyms, default=Pseudonyms.HMAC
    )
    pseudonym_keeper = models.CharField(_("who keeps the key or the table"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_protected(self) -> bool:
        """Whether rows need a basis, pseudonyms for identifiers and a date of erasure."""
        return self.personal or self.bank_secret

    @property
    def pseudonymous(self) -> str:
        """The column whose values must be pseudonyms, or ""."""
        return self.identifier if self.is_protected else ""  # type: ignore[attr-defined]

    @property
    def is_counted_first(self) -> bool:
        """Whether counts are asked for before rows. Of a log there is nothing to count."""
        return self.is_protected and not self.is_log  # type: ignore[attr-defined]

    @property
    def hand_in(self) -> str:
        """What is handed in first."""
        return "counts" if self.is_counted_first else "rows"

    @property
    def looks_personal_lines(self) -> list[str]:
        return [f"{column}: {reason}" for column, reason in sorted(self.looks_personal.items())]


class Retained(models.Model):
    """Columns of a Window. erased_at: no check reads its rows any more; removed_at: the file is gone.

    erase_reason, erase_asked_by: of whoever had the rows erased before their date.
    """

    legal_basis = models.CharField(_("legal basis"), max_length=8, choices=LegalBasis, blank=True)
    basis_text = models.CharField(_("the basis in words"), max_length=300, blank=True)
    keep_until = models.DateField(_("rows are erased on"), null=True, blank=True)
    erase_reason = models.TextField(_("why the rows were erased early"), blank=True)
    erase_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    erased_at = models.DateTimeField(null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    kept_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    """The counts of the erased rows, made here; "" where there are none."""

    class Meta:
        abstract = True

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    @property
    def lacks_grounds(self) -> bool:
        """Whether protected rows are here without a basis and an end: their dataset was not protected when they came in."""
        has_rows = self.made_of == "rows" and not self.is_erased  # type: ignore[attr-defined]
        return has_rows and self.dataset.is_protected and not self.legal_basis  # type: ignore[attr-defined]

    @property
    def measured_sha256(self) -> str:
        """The file that a check reads: the rows, later the counts that stayed of them; "" where nothing stayed."""
        return self.kept_sha256 if self.is_erased else self.sha256  # type: ignore[attr-defined]


CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(legal_basis="") | (~Q(basis_text="") & Q(keep_until__isnull=False)),
        name="window_with_a_basis_says_it_and_its_end",
    ),
    models.CheckConstraint(
        condition=Q(removed_at=None) | Q(erased_at__isnull=False), name="removed_rows_were_erased"
    ),
    models.CheckConstraint(
        condition=Q(erase_asked_by=None) | ~Q(erase_reason=""), name="rows_are_erased_early_with_a_reason"
    ),
]
"""Of the table of windows."""
