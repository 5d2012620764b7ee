"""The smallest complete registrations."""

from __future__ import annotations

import io
import json

from governance.inventory import services
from governance.inventory.models import AIModel, ModelVersion, Revision
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Organisation, User
from tests.factories import REGISTER, join, person

QUIET = {
    "generative": False,
    "trading": False,
    "market_data": False,
    "credit_scoring": False,
    "emotion_or_biometric": False,
    "natural_persons": False,
    "client_facing": False,
    "personal_data": False,
    "restricted_data": False,
    "critical_infrastructure": False,
    "eu_scope": False,
    "prohibited_use_check": True,
}
COMPLETE = {
    **QUIET,
    "name": "Document search",
    "summary": "Finds passages in our own papers.",
    "purpose": "Staff look up internal rules.",
    "senior_manager": "A. Member of the board",
    "support_contact": "ai@bank.example",
    "role": "owner_or_holder",
    "origin": "in_house",
    "trained_model": False,
    "usage_mode": "closed",
}
PDF = b"%PDF-1.7\n1 0 obj\n"


def draft(owner: Actor, **fields: object) -> AIModel:
    with viewing(owner):
        organisation = Organisation.objects.get(pk=owner.organisation_id)
    return services.register(by=owner, organisation=organisation, fields={**COMPLETE, **fields})


def registered(owner: Actor, **fields: object) -> AIModel:
    return services.submit(by=owner, model=draft(owner, **fields))


def xgboost_json(*features: str) -> io.BytesIO:
    """A linear booster: the smallest file that XGBoost itself would write."""
    learner = {
        "feature_names": list(features),
        "gradient_booster": {"name": "gblinear", "model": {"weights": [0.5] * (len(features) + 1)}},
        "objective": {"name": "binary:logistic"},
        "learner_model_param": {"num_class": "0", "num_feature": str(len(features))},
    }
    return io.BytesIO(json.dumps({"learner": learner, "version": [3, 0, 0]}).encode())


def version(owner: Actor, model: AIModel, label: str = "1.0") -> ModelVersion:
    return services.add_version(by=owner, model=model, label=label)


def document(owner: Actor, model: AIModel, content: bytes = PDF, **said: object) -> Revision:
    fields = {
        "title": "Model card",
        "kinds": ["model_card"],
        "file_name": "card.pdf",
        "language": "ru",
        **said,
    }
    return services.add_document(by=owner, model=model, file=io.BytesIO(content), **fields)


def second_person(organisation: Organisation) -> Actor:
    """Whoever reads what others hand in."""
    email = f"second-{organisation.bin}@example.test"
    with viewing(REGISTER):
        user = User.objects.filter(email=email).first()
    return person(user.pk) if user else join(organisation, "validator", email=email)


def accepted(owner: Actor, model: AIModel, content: bytes = PDF, **said: object) -> Revision:
    """A document that counts: handed in, and read by a second person."""
    return accept(document(owner, model, content, **said))


def accept(revision: Revision) -> Revision:
    with viewing(REGISTER):
        revision = Revision.objects.select_related("document", "model__organisation").get(pk=revision.pk)
    second = second_person(revision.model.organisation)
    counting = services.review_document(by=second, revision=revision, verdict="accepted")
    counting.document = revision.document
    return counting
