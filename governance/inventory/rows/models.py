"""What a registration lists: several rows of one kind for one model. A row that ended stays on record."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.inventory.rows.words import DataKind, Determined, Direction, UsedFor
from governance.people.isolated import Isolated, IsolatedQuerySet


def _lasts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name=name
    )


def _once(name: str, *fields: str, given: Q | None = None) -> models.UniqueConstraint:
    """Among the rows of a model that stand."""
    return models.UniqueConstraint(
        fields=["organisation", "model", *fields], condition=(given or Q()) & Q(ended_at=None), name=name
    )


def _tick(words: Any) -> models.BooleanField[Any, Any]:
    return models.BooleanField(words, default=False)


class RowQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Row(Isolated):
    """One row of a list. What it is called is its text."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="%(class)s_rows")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["created_at"]


class DataInput(Row):
    """One set of data that a model was developed with or works with."""

    name = models.CharField(_("name"), max_length=200)
    used_for = models.CharField(
        _("used for"),
        max_length=12,
        choices=UsedFor,
        help_text=_("Data used for both are two rows: they seldom cover the same days."),
    )
    kind = models.CharField(_("kind of data"), max_length=8, choices=DataKind)
    source = models.CharField(
        _("where the data come from"), max_length=300, help_text=_("The system, the vendor or the exchange.")
    )
    starts_on = models.DateField(_("first day of the data"), null=True, blank=True)
    ends_on = models.DateField(_("last day of the data"), null=True, blank=True)
    size = models.CharField(
        _("size of the data"), max_length=120, blank=True, help_text=_("For example: 1.2 million rows.")
    )
    completeness = models.TextField(_("completeness: what is missing, and why"), blank=True)
    representativeness = models.TextField(
        _("representativeness: whom or what the data stand for, and whom they do not"), blank=True
    )
    sensitive = models.TextField(
        _("sensitive attributes and their proxies"),
        help_text=_("List them. Where there are none, say how you know."),
    )
    personal_data = _tick(_("It holds personal data"))
    is_synthetic = _tick(_("It is synthetic, in whole or in part"))
    is_alternative = _tick(_("It is alternative data: news, social media, satellite images and the like"))
    is_unstructured = _tick(_("It is unstructured: text, images, sound or video"))

    class Meta(Row.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(used_for__in=UsedFor.values), name="data_input_is_for_development_or_operation"
            ),
            _lasts("data_input_does_not_end_before_it_starts"),
            _once("data_input_is_listed_once", "name", "used_for"),
        ]

    def __str__(self) -> str:
        return self.name


class OrderAlgorithm(Row):
    """One algorithm in the flow of orders, as the venue knows it."""

    algorithm_id = models.CharField(
        _("identifier of the algorithm"), max_length=80, help_text=_("As it stands in the orders.")
    )
    objective = models.TextField(_("objective: what it is to achieve"))
    venues = models.CharField(_("trading venues"), max_length=300)
    initiates = _tick(_("It initiates orders"))
    routes = _tick(_("It routes orders"))
    executes = _tick(_("It executes orders"))
    risk_parameters = models.TextField(
        _("risk parameters"), help_text=_("Limits of price, size, number and value, with their figures.")
    )
    kill_switch = models.CharField(
        _("kill switch: who stops it, and how"), max_length=300, help_text=_("And how long it takes.")
    )

    class Meta(Row.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(initiates=True) | Q(routes=True) | Q(executes=True),
                name="algorithm_does_something_with_orders",
            ),
            _once("algorithm_is_listed_once", "algorithm_id"),
        ]

    def __str__(self) -> str:
        return self.algorithm_id


class Operator(Row):
    """Somebody who may run the model."""

    name = models.CharField(_("name"), max_length=200, help_text=_("A person or a desk."))
    position = models.CharField(_("position or unit"), max_length=200, blank=True)
    starts_on = models.DateField(_("approved from"))
    ends_on = models.DateField(_("approved until"), null=True, blank=True)
    training = models.CharField(_("training required"), max_length=300, blank=True)
    trained_on = models.DateField(_("trained on"), null=True, blank=True)

    class Meta(Row.Meta):
        constraints = [
            _lasts("operator_does_not_end_before_they_start"),
            _once("operator_is_listed_once", "name"),
        ]

    def __str__(self) -> str:
        return self.name


class Dependency(Row):
    """One edge of the graph: to a model of the same organisation, or to a named system outside of the register."""

    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    other = models.ForeignKey(
        AIModel,
        on_delete=models.PROTECT,
        related_name="named_by",
        null=True,
        blank=True,
        verbose_name=_("another model of yours"),
    )
    system = models.CharField(
        _("or another system"), max_length=200, blank=True, help_text=_("One that is not in the register.")
    )
    passes = models.CharField(_("what passes between them"), max_length=300)

    class Meta(Row.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(other__isnull=False, system="") | (Q(other=None) & ~Q(system="")),
                name="dependency_is_on_a_model_or_on_a_system",
            ),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(other=F("model")), name="dependency_is_not_on_itself"
            ),
            _once("dependency_on_a_model_is_listed_once", "direction", "other", given=Q(other__isnull=False)),
            _once("dependency_on_a_system_is_listed_once", "direction", "system", given=~Q(system="")),
        ]

    def __str__(self) -> str:
        return str(self.other or self.system or _("a model that you do not see"))


class Adjustment(Row):
    """A correction by hand over the results of a model. One whose last day is over is shown as expired."""

    reason = models.TextField(_("why results are adjusted"))
    size = models.CharField(_("size of the adjustment"), max_length=200)
    method = models.TextField(_("method of the adjustment"))
    responsible = models.CharField(_("responsible person"), max_length=200)
    starts_on = models.DateField(_("adjusted from"))
    ends_on = models.DateField(_("expires on"), help_text=_("It is looked at again by this day."))

    class Meta(Row.Meta):
        constraints = [_lasts("adjustment_does_not_end_before_it_starts")]

    def __str__(self) -> str:
        return self.size


class Determination(Row):
    """What the second line says of one regime. It decides nothing: the catalogue switches requirements on by itself."""

    regime = models.CharField(_("regime"), max_length=120, help_text=_("For example: SR 26-2 or SS1/23."))
    determined = models.CharField(_("determination"), max_length=8, choices=Determined)
    rationale = models.TextField(_("rationale"))
    determined_on = models.DateField(_("determined on"), default=timezone.localdate)
    determined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("determined by"),
        editable=False,
    )

    class Meta(Row.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(determined__in=Determined.values), name="determination_is_in_out_or_exempt"
            ),
            _once("determination_of_a_regime_stands_once", "regime"),
        ]

    def __str__(self) -> str:
        return self.regime
