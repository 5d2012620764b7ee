"""The grading rule is itself a model that is used: an organisation registers it, with a version for each edition."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from governance.inventory import services as inventory
from governance.inventory.locks import locked
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require
from governance.risk import questionnaire, rules

FAMILY = uuid.UUID("5a3c5c1e-0f6b-4b57-9d7e-0c1d6a0f2b11")
"""From it and the organisation follows the id of its grading rule, so that nobody registers it twice."""
SOURCES = ("questions.py", "rules.py")


@dataclass(frozen=True)
class OwnRule:
    """The grading rule as one organisation registered it. is_current: with a version for the edition of today."""

    model: AIModel
    is_current: bool


def register_rule(*, by: Actor, organisation: Organisation) -> AIModel:
    """Enter the grading rule as a model of the organisation, and the edition of today as a version of it.

    What only the organisation knows stays open, so it begins as a draft of whoever acts. A second time changes nothing;
    with a new edition it adds a version. Raises NotAllowed, OutOfOrder.
    """
    with acting(by, "risk.rule_registered"):
        organisation = locked(organisation)
        require(by, "model.register", organisation)
        key = rule_id(organisation.pk)
        model = AIModel.objects.filter(pk=key).first()
        if model is None:
            model = inventory.register(by=by, organisation=organisation, fields=answers(), id=key)
        if not _versions(key).exists():
            inventory.add_version(by=by, model=model, label=label(), notes=_notes(), registry=digests())
        return model


def registered_rule(organisation_id: UUID) -> OwnRule | None:
    key = rule_id(organisation_id)
    model: AIModel | None = AIModel.objects.filter(pk=key).first()
    return OwnRule(model, _versions(key).exists()) if model else None


def rule_id(organisation_id: UUID) -> UUID:
    return uuid.uuid5(FAMILY, str(organisation_id))


def label() -> str:
    """Of the version: the edition of the questions and the version of the rule."""
    return f"{questionnaire.CURRENT}+rule-{rules.RULE}"


def digests() -> dict[str, str]:
    """SHA-256 of the questionnaire and of the rule, as this installation runs them."""
    folder = Path(__file__).parent
    rule = hashlib.sha256(b"".join((folder / name).read_bytes() for name in SOURCES))
    return {"questionnaire_sha256": questionnaire.load().sha256, "rule_sha256": rule.hexdigest()}


def answers() -> dict[str, Any]:
    """What is true of the rule wherever it runs. Its role under the law, who answers for its use and whether the law of
    the European Union reaches the organisation is for the organisation to say."""
    return {
        "name": _("Grading rule of the register"),
        "summary": _(
            "Computes the degree of risk, the degree of autonomy and the internal tier of a model from answers."
        ),
        "purpose": _(
            "Decides how much is asked of each model in this register: requirements, checks and approval."
        ),
        "technique": _("Rules: a questionnaire, a table and floors; nothing is trained"),
        "limitations": _(
            "It knows only what was answered, and the tier and some questions are our reading of the law."
        ),
        "origin": "vendor",
        "vendor": "Senim",
        "trained_model": False,
        "generative": False,
        "trading": False,
        "market_data": False,
        "credit_scoring": False,
        "emotion_or_biometric": False,
        "natural_persons": False,
        "client_facing": False,
        "personal_data": False,
        "restricted_data": False,
        "usage_mode": "closed",
    }


def _notes() -> str:
    return "\n".join(f"{name}: {digest}" for name, digest in digests().items())


def _versions(key: UUID) -> Any:
    return ModelVersion.objects.filter(model_id=key, label=label())
