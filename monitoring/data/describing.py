"""Writes what the columns of a model's data mean. What follows from another version of it stands above (`editions/`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from dataclasses import replace as changed
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data.ended import refuse_ended
from monitoring.data.models import Dataset
from monitoring.data.roles import Roles, problems_of_cadence, problems_of_use
from monitoring.shielding.pseudonyms import HMAC
from monitoring.shielding.rightful import said_of
from monitoring.shielding.rules import (
    Protection,
    Pseudonymisation,
    problems_of_protection,
    problems_of_pseudonyms,
)

SAID = (
    *(each.name for each in fields(Roles)),
    *(each.name for each in fields(Protection)),
    *(each.name for each in fields(Pseudonymisation)),
    "expected_every_days",
)
"""The columns of a Dataset that a person describes."""


@dataclass(frozen=True)
class Description:
    """What a person says of the columns and the rows. personal, bank_secret: None = as the model's answers say."""

    features: Sequence[str] = ()
    categorical: Sequence[str] = ()
    sensitive: Sequence[str] = ()
    label: str = ""
    prediction: str = ""
    score: str = ""
    identifier: str = ""
    favourable: str = "1"
    high_score: str = ""
    time: str = ""
    weight: str = ""
    expected_every_days: int | None = None
    allowed: Mapping[str, Any] | None = None
    population: Mapping[str, Any] | None = None
    personal: bool | None = None
    bank_secret: bool | None = None
    protection_reason: str = ""
    looks_personal: Mapping[str, str] | None = None
    pseudonyms: str = HMAC
    pseudonym_keeper: str = ""
    kind: str = "rows"
    log_columns: Mapping[str, str] | None = None
    log_values: Mapping[str, Sequence[str]] | None = None

    @property
    def roles(self) -> Roles:
        return Roles.of(
            features=self.features,
            categorical=self.categorical,
            sensitive=self.sensitive,
            label=self.label,
            prediction=self.prediction,
            score=self.score,
            identifier=self.identifier,
            favourable=self.favourable,
            high_score=self.high_score,
            time=self.time,
            weight=self.weight,
            allowed=self.allowed or {},
            population=self.population or {},
            kind=self.kind,
            log_columns=self.log_columns or {},
            log_values=self.log_values or {},
        )


def describe(*, by: Actor, model: AIModel, name: str, **said: Any) -> Dataset:
    """Say what the columns of a model's data mean, or those of a log (`logs.py`), and whether its rows are personal data or a
    bank secret. said: of a Description. Under the name of a retired dataset it is that one's next version.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    description, name = Description(**said), name.strip()
    with acting(by, "dataset.described"):
        model = _describable(by, model)
        problems = _problems_of_name(model, name)
        last = None if problems else Dataset.objects.newest().filter(model=model, name=name).first()
        return _written(by, model, name, description, timezone.now(), last, problems)


def replace(*, by: Actor, dataset: Dataset, said: Description, reason: str, at: datetime) -> Dataset:
    """The next version in the place of one that stands. Inside the `acting` of whoever sees to what follows from it.

    What is not said of the protection of the rows stays as it is. Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    former = end(by=by, dataset=dataset, reason=reason, at=at)
    said = changed(
        said,
        personal=former.personal if said.personal is None else said.personal,
        bank_secret=former.bank_secret if said.bank_secret is None else said.bank_secret,
        protection_reason=said.protection_reason or former.protection_reason,
    )
    written = _written(by, former.model, former.name, said, at, former)
    if all(getattr(written, name) == getattr(former, name) for name in SAID):
        raise RuleBroken(_("This says what the description that stands says already."))
    return written


def end(*, by: Actor, dataset: Dataset, reason: str, at: datetime) -> Dataset:
    """It stands no longer; nothing else of it changes. Inside `acting`, as `replace`. Raises NotAllowed, OutOfOrder."""
    model = _describable(by, dataset.model)
    former: Dataset = Dataset.objects.select_for_update(no_key=True, of=("self",)).get(pk=dataset.pk)
    refuse_ended(former)
    former.model = model
    former.ended_at, former.ended_by_id, former.ended_reason = at, by.person, reason
    former.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    return former


def _describable(by: Actor, model: AIModel) -> AIModel:
    """The locked model. Raises NotAllowed, OutOfOrder."""
    model = AIModel.objects.select_for_update(no_key=True).get(pk=model.pk)
    require(by, "dataset.describe", model)
    if model.withdrawn_at is not None:
        raise OutOfOrder(_("The model is withdrawn."))
    return model


def _problems_of_name(model: AIModel, name: str) -> list[Problem]:
    if not name or len(name) > 80:
        return [Problem("name", _("A dataset needs a name of at most 80 characters."))]
    if Dataset.objects.standing().filter(model=model, name=name).exists():
        return [Problem("name", _("This model already has a dataset of that name."))]
    return []


def _written(
    by: Actor,
    model: AIModel,
    name: str,
    said: Description,
    at: datetime,
    last: Dataset | None,
    wrong: Sequence[Problem] = (),
) -> Dataset:
    """last: the version whose place it takes. wrong: what is wrong already. Raises RuleBroken."""
    roles = said.roles
    protection = said_of(
        model, said.personal, said.bank_secret, said.protection_reason, said.looks_personal or {}
    )
    pseudonymisation = Pseudonymisation(said.pseudonyms or HMAC, said.pseudonym_keeper.strip())
    problems = roles.problems() + problems_of_cadence(said.expected_every_days)
    problems += problems_of_protection(protection, model)
    problems += problems_of_pseudonyms(pseudonymisation)
    problems += problems_of_use(said.kind, model.trading)
    problems += wrong
    if problems:
        raise RuleBroken(_("The dataset was not described."), problems)
    return Dataset.objects.create(
        organisation_id=model.organisation_id,
        model=model,
        name=name,
        version=last.version + 1 if last else 1,
        replaces=last,
        described_by_id=by.person,
        created_at=at,
        expected_every_days=said.expected_every_days,
        **roles.as_fields(),
        **protection.as_fields(),
        **pseudonymisation.as_fields(),
    )
