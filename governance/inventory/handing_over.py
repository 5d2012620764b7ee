"""A model gets another owner: somebody leaves, or the work moves on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.inventory.owners import can_own, owning
from governance.inventory.words import Status
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Membership, User
from governance.people.rights import OWNS_MODELS, require
from governance.post import services as post


class GoesAlong(Protocol):
    """Passes on what the former owner of a model held because they owned it. Called while the model is still theirs."""

    def __call__(self, *, by: Actor, model: AIModel, to: UUID, reason: str) -> object: ...


GOES_ALONG: list[GoesAlong] = []
"""Called for each model that is handed over, in the same transaction. Rooms above enter theirs as the application starts."""


def reassign(*, by: Actor, model: AIModel, to: UUID, reason: str) -> AIModel:
    """Hand a model over to another model owner of its organisation; both are told. Raises NotAllowed, OutOfOrder, RuleBroken.

    What is held along with the model (`GOES_ALONG`) passes to the new owner as well.
    The former owner is told only while they still belong to the organisation.
    """
    reason = reason.strip()
    with acting(by, "model.reassigned", reason=reason):
        model = locked(model)
        require(by, "model.reassign", model)
        if model.status == Status.WITHDRAWN:
            raise OutOfOrder(_("This model was withdrawn."))
        former = model.owner_id
        model.owner_id = to
        _refuse(reason, former, model)
        for goes_along in GOES_ALONG:
            goes_along(by=by, model=model, to=to, reason=reason)
        model.save(update_fields=["owner"])
        _tell(by, model, former, reason)
        return model


def _refuse(reason: str, former: UUID, model: AIModel) -> None:
    problems = []
    if not reason:
        problems.append(Problem("reason", _("Say why the model gets another owner.")))
    if former == model.owner_id:
        problems.append(Problem("owner", _("This person owns the model already.")))
    elif not can_own(model):
        problems.append(Problem("owner", _("This person is not a model owner of the organisation.")))
    if problems:
        raise RuleBroken(problems=problems)


def _tell(by: Actor, model: AIModel, former: UUID, reason: str) -> None:
    here = Membership.objects.filter(
        organisation_id=model.organisation_id, user_id__in=[former, model.owner_id]
    )
    people = User.objects.filter(pk__in=here.filter(ends_on=None).values("user_id"))
    names = {user.pk: user.name for user in User.objects.filter(pk__in=[former, model.owner_id])}
    for person in people:
        post.send(
            organisation_id=model.organisation_id,
            to=person,
            key="model_reassigned",
            context={
                "model": model,
                "is_new_owner": person.pk == model.owner_id,
                "former": names[former],
                "owner": names[model.owner_id],
                "by": by.name,
                "reason": reason,
            },
            link=reverse("model", args=[model.pk]),
        )


def ownerless(models: QuerySet[AIModel], today: date) -> QuerySet[AIModel]:
    """Those, not withdrawn, whose owner is no longer a model owner of the organisation."""
    its_owner = owning(today).filter(
        organisation_id=OuterRef("organisation_id"), user_id=OuterRef("owner_id")
    )
    return models.exclude(status=Status.WITHDRAWN).filter(~Exists(its_owner))


def without_owner(models: Iterable[AIModel], today: date) -> set[UUID]:
    """The ids of those that wait for a new owner, in one query."""
    ids = [model.pk for model in models]
    return set(ownerless(AIModel.objects.filter(pk__in=ids), today).values_list("pk", flat=True))


def owned_by(membership: Membership) -> list[AIModel]:
    """The models that would be without an owner if this role ended."""
    if membership.role not in OWNS_MODELS:
        return []
    models = AIModel.objects.filter(organisation_id=membership.organisation_id, owner_id=membership.user_id)
    return list(models.exclude(status=Status.WITHDRAWN))
