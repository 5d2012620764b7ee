"""The only writers of suppliers and of what they supply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models as columns
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.inventory.suppliers import rules
from governance.inventory.suppliers.models import Component, Provider
from governance.inventory.suppliers.words import ComponentKind, ProviderKind
from governance.inventory.words import Status
from governance.people import bin as bins
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require

OF_COMPONENT = (
    "kind",
    "name",
    "version",
    "licence",
    "is_foundation_model",
    "region",
    "substitute",
    "exit_plan",
)
OF_PROVIDER = ("kind", "country", "registration_number", "contact")


def add_component(
    *,
    by: Actor,
    model: AIModel,
    component: Mapping[str, Any],
    supplier: str = "",
    details: Mapping[str, Any] | None = None,
) -> Component:
    """Enter one thing from outside that a model stands on.

    component: by OF_COMPONENT. supplier: its name, empty where there is none; details: by OF_PROVIDER, for that supplier.
    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    with acting(by, "component.added"):
        model = _editable(by, model)
        row = Component(organisation_id=model.organisation_id, model=model)
        _fill(row, component, supplier, details or {})
        row.save(force_insert=True)
        return row


def change_component(
    *,
    by: Actor,
    component: Component,
    fields: Mapping[str, Any],
    supplier: str = "",
    details: Mapping[str, Any] | None = None,
) -> Component:
    """Raises NotAllowed, OutOfOrder, RuleBroken."""
    with acting(by, "component.changed"):
        _editable(by, component.model)
        row = _standing(component)
        if row.said_as == "vendor" and row.provider is not None:
            supplier = row.provider.name  # the answer of the form names it
        _fill(row, fields, supplier, details or {})
        row.save(update_fields=[*OF_COMPONENT, "provider"])
        return row


def remove_component(*, by: Actor, component: Component) -> Component:
    """The model no longer stands on it; the row stays. Raises NotAllowed, OutOfOrder."""
    with acting(by, "component.removed"):
        _editable(by, component.model)
        row = _standing(component)
        if row.said_as:
            raise OutOfOrder(_("An answer of the registration says this. Change the answer, and it follows."))
        row.removed_at = timezone.now()
        row.save(update_fields=["removed_at"])
        return row


def _editable(by: Actor, model: AIModel) -> AIModel:
    model = locked(model)
    require(by, "model.edit", model)
    if model.status == Status.WITHDRAWN:
        raise OutOfOrder(_("This model was withdrawn."))
    return model


def _standing(component: Component) -> Component:
    row = locked(component)
    if row.removed_at is not None:
        raise OutOfOrder(_("This component was removed."))
    return row


def _fill(row: Component, fields: Mapping[str, Any], supplier: str, details: Mapping[str, Any]) -> None:
    for name in OF_COMPONENT:
        value = fields.get(name, getattr(row, name))
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.is_foundation_model = row.is_foundation_model and row.kind == ComponentKind.MODEL
    problems = _wrong_with(row)
    provider = _provider(row.organisation_id, supplier, details, problems)
    if problems:
        raise RuleBroken(problems=problems)
    if provider is not None:
        provider.save()
    row.provider = provider


def _provider(
    organisation_id: UUID, name: str, details: Mapping[str, Any], problems: list[Problem]
) -> Provider | None:
    """The supplier of this name with what is newly known of it, not saved yet; what is wrong is added to `problems`."""
    name, key = name.strip(), rules.key(name)
    if not name:
        return None
    if not key:
        problems.append(Problem("supplier", _("Enter a name with letters or digits.")))
        return None
    row = Provider.objects.filter(organisation_id=organisation_id, key=key).first()
    row = row or Provider(organisation_id=organisation_id, key=key, name=name)
    for field in OF_PROVIDER:
        if details.get(field):
            setattr(row, field, str(details[field]).strip())
    row.country = row.country.upper()
    problems += _wrong_with(row)
    if not _number_fits(row):
        what = _("The BIN has 12 digits and the last one is a check digit.")
        problems.append(Problem("registration_number", what))
    return row


def _number_fits(row: Provider) -> bool:
    ours = row.country == "KZ" and row.kind == ProviderKind.COMPANY and bool(row.registration_number)
    return not ours or bins.is_valid(rules.number(row.registration_number))


def _wrong_with(row: columns.Model) -> list[Problem]:
    """What the columns refuse. A supplier's are named as its form names them."""
    try:
        row.clean_fields(exclude={"organisation", "model", "provider", "key"})
        row.validate_constraints(exclude={"organisation", "model", "provider", "key"})
    except ValidationError as error:
        places = {"name": "supplier", "kind": "supplier_kind", "__all__": "country"}
        ours = isinstance(row, Provider)
        return [
            Problem(places.get(name, name) if ours else name, what)
            for name, whats in error.message_dict.items()
            for what in whats
        ]
    return []
