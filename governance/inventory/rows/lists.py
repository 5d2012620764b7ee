"""The lists of a registration, each said once: its table, its fields, its words, and who writes in it.

The pages, the form, the record, the shape of the API and the facts for documents follow from here. A new list is a table
with its migration, one RowList, and a Section where answers make it a step of the registration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from governance.inventory.questions import Section
from governance.inventory.rows import rules
from governance.inventory.rows.models import (
    Adjustment,
    DataInput,
    Dependency,
    Determination,
    Operator,
    OrderAlgorithm,
    Row,
)
from governance.inventory.sections import BY_SLUG

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAME = _("Name")


@dataclass(frozen=True)
class RowList:
    """fields: what the form asks, in order. shown: those of the table on its page. once: what no two rows share.

    wrong: what its rows may not say. right: who writes in it. called: what the text of a row is.
    """

    section: Section
    table: type[Row]
    fields: tuple[str, ...]
    shown: tuple[str, ...]
    add: StrOrPromise
    empty: StrOrPromise
    todo: StrOrPromise
    once: tuple[str, ...] = ()
    wrong: Callable[[Mapping[str, Any]], Iterable[Problem]] = rules.nothing
    right: str = "model.edit"
    called: StrOrPromise = NAME

    @property
    def slug(self) -> str:
        return self.section.slug

    @property
    def key(self) -> str:
        """The name of its parameter in addresses: an id is of one table."""
        return f"{self.table._meta.model_name}_id"

    @property
    def title(self) -> StrOrPromise:
        return self.section.title

    def column(self, name: str) -> models.Field[Any, Any]:
        found = self.table._meta.get_field(name)
        assert isinstance(found, models.Field)
        return found


REGIMES = Section(
    "regimes",
    _("Which regimes reach it"),
    _("What the second line has determined. It switches no requirement on or off; it is shown beside them."),
    rows="determination_rows",
)
"""Not a step of the registration: its owner does not answer it."""

LISTS: tuple[RowList, ...] = (
    RowList(
        BY_SLUG["data-inputs"],
        DataInput,
        (
            *("name", "used_for", "kind", "source", "starts_on", "ends_on", "size", "completeness"),
            *("representativeness", "sensitive", "personal_data", "is_synthetic", "is_alternative"),
            "is_unstructured",
        ),
        ("used_for", "kind", "source", "starts_on", "ends_on", "sensitive"),
        add=_("Add data"),
        empty=_("No data are listed yet"),
        todo=_("Begin with the data that it reads every day, then those that it was developed with."),
        once=("name", "used_for"),
        wrong=rules.days,
    ),
    RowList(
        BY_SLUG["algorithms"],
        OrderAlgorithm,
        (
            *("algorithm_id", "objective", "venues", "initiates", "routes", "executes"),
            *("risk_parameters", "kill_switch"),
        ),
        ("objective", "venues", "risk_parameters", "kill_switch"),
        add=_("Add an algorithm"),
        empty=_("No algorithm is listed yet"),
        todo=_("List each identifier that its orders carry."),
        once=("algorithm_id",),
        called=_("Identifier"),
        wrong=rules.orders,
    ),
    RowList(
        BY_SLUG["operators"],
        Operator,
        ("name", "position", "starts_on", "ends_on", "training", "trained_on"),
        ("position", "starts_on", "ends_on", "training", "trained_on"),
        add=_("Add an operator"),
        empty=_("Nobody is listed yet"),
        todo=_("List everybody who may start it, change its parameters or stop it."),
        once=("name",),
        wrong=rules.days,
    ),
    RowList(
        BY_SLUG["dependencies"],
        Dependency,
        ("direction", "other", "system", "passes"),
        ("direction", "passes"),
        add=_("Add a dependency"),
        empty=_("No dependency is listed yet"),
        todo=_("Begin with the models and systems whose results it reads."),
        once=("direction", "other", "system"),
        called=_("Model or system"),
        wrong=rules.ends_of_an_edge,
    ),
    RowList(
        BY_SLUG["adjustments"],
        Adjustment,
        ("reason", "size", "method", "responsible", "starts_on", "ends_on"),
        ("reason", "method", "responsible", "starts_on", "ends_on"),
        add=_("Add an adjustment"),
        empty=_("No adjustment is listed"),
        todo=_("List every correction by hand that stands over its results, with its last day."),
        wrong=rules.days,
        called=_("Size"),
    ),
    RowList(
        REGIMES,
        Determination,
        ("regime", "determined", "rationale", "determined_on"),
        ("determined", "rationale", "determined_on", "determined_by"),
        add=_("Record a determination"),
        empty=_("Nothing is determined yet"),
        todo=_(
            "Supervisors draw the line around a model differently: say for each regime on which side this one is."
        ),
        once=("regime",),
        called=_("Regime"),
        right="regime.determine",
    ),
)
OF_SLUG = {each.slug: each for each in LISTS}
OF_TABLE = {each.table: each for each in LISTS}
