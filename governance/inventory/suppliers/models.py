"""The chain behind a model: who supplies what it stands on."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.inventory.suppliers.words import ComponentKind, ProviderKind, Substitute
from governance.people.isolated import Isolated, IsolatedQuerySet


class Provider(Isolated):
    """Somebody outside, as one participant knows them. `key` is the same for every way to write the name."""

    name = models.CharField(_("name"), max_length=200)
    key = models.CharField(max_length=200, editable=False)
    kind = models.CharField(
        _("kind of supplier"), max_length=16, choices=ProviderKind, default=ProviderKind.COMPANY
    )
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("Two letters, for example KZ, US or IE.")
    )
    registration_number = models.CharField(
        _("registration number"),
        max_length=40,
        blank=True,
        help_text=_("The BIN, or the number in the register of its country."),
    )
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key"], name="provider_is_known_once_in_its_organisation"
            ),
            models.CheckConstraint(condition=~Q(key=""), name="provider_has_a_name_to_be_found_by"),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
                name="provider_country_has_two_letters",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ComponentQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(removed_at=None)


class Component(Isolated):
    """One thing from outside that a model stands on.

    said_as: the answer of the registration form ("vendor", "base_model", "hosting") that this component says in full and
    follows; empty for one that was added by itself.
    """

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="components")
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="components", null=True, blank=True
    )
    kind = models.CharField(_("what it is"), max_length=16, choices=ComponentKind)
    name = models.CharField(_("name"), max_length=200)
    version = models.CharField(_("version"), max_length=80, blank=True)
    licence = models.CharField(_("licence or contract"), max_length=200, blank=True)
    is_foundation_model = models.BooleanField(
        _("It is a foundation model: a large model made for many purposes"), default=False
    )
    region = models.CharField(
        _("country or region"),
        max_length=120,
        blank=True,
        help_text=_("Where it works or where its data lie."),
    )
    substitute = models.CharField(_("substitute"), max_length=8, choices=Substitute, blank=True)
    exit_plan = models.TextField(_("exit plan: what you do if it is gone tomorrow"), blank=True)
    said_as = models.CharField(max_length=16, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = ComponentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ComponentKind.values), name="component_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(is_foundation_model=False) | Q(kind=ComponentKind.MODEL),
                name="component_that_is_a_foundation_model_is_a_model",
            ),
            models.UniqueConstraint(
                fields=["organisation", "model", "said_as"],
                condition=Q(removed_at=None) & ~Q(said_as=""),
                name="component_says_an_answer_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()
