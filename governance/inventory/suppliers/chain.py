"""Components that say an answer of the registration form in full, and follow it when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from governance.inventory import answers
from governance.inventory.models import AIModel
from governance.inventory.sections import BY_SLUG
from governance.inventory.suppliers import rules
from governance.inventory.suppliers.models import Component, Provider
from governance.inventory.suppliers.words import ComponentKind

SECTION = BY_SLUG["suppliers"]


@dataclass(frozen=True)
class Said:
    """What an answer says of the chain. provider: a name, where the answer names one."""

    answer: str
    kind: ComponentKind
    name: str
    provider: str = ""


def is_relevant(model: AIModel) -> bool:
    return answers.is_relevant(SECTION, answers.of(model))


def follow(model: AIModel) -> None:
    """Bring the components that stand for answers in line with them. Call it inside the `acting` that changed an answer.

    What people have added to such a component stays; one whose answer is gone is removed, with its trace.
    """
    said = {each.answer: each for each in _said(model)}
    there = {
        each.said_as: each for each in Component.objects.standing().filter(model=model).exclude(said_as="")
    }
    for answer, component in there.items():
        if answer not in said:
            component.removed_at = timezone.now()
            component.save(update_fields=["removed_at"])
    for answer, what in said.items():
        _write(model, what, there.get(answer))


def _said(model: AIModel) -> Iterator[Said]:
    if model.vendor:
        yield Said("vendor", ComponentKind.SERVICE, model.vendor, provider=model.vendor)
    if model.base_model:
        yield Said("base_model", ComponentKind.MODEL, model.base_model)
    if model.hosted_outside and model.hosting:
        yield Said("hosting", ComponentKind.HOSTING, model.hosting)


def _write(model: AIModel, what: Said, component: Component | None) -> None:
    provider = known(model.organisation_id, what.provider) if rules.key(what.provider) else None
    if component is None:
        Component.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            kind=what.kind,
            name=what.name,
            provider=provider,
            is_foundation_model=what.answer == "base_model",
            said_as=what.answer,
        )
        return
    moved = provider is not None and component.provider_id != provider.pk
    if moved:
        component.provider = provider
    if moved or (
        provider is None and component.name != what.name
    ):  # what a vendor supplies keeps its own name
        component.name = what.name
        component.save(update_fields=["provider", "name"])


def known(organisation_id: UUID, name: str) -> Provider:
    """The supplier that the organisation knows under this name, however it is written; a new one otherwise."""
    key = rules.key(name)
    there: Provider | None = Provider.objects.filter(organisation_id=organisation_id, key=key).first()
    return there or Provider.objects.create(organisation_id=organisation_id, name=name.strip(), key=key)
