"""The gate: may this version, with this digest, run in this environment now? One read, one pure rule, one signed answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.approvals import signing
from governance.approvals.models import Authorisation, GateVerdict
from governance.approvals.route import load
from governance.approvals.rules import AuthorisationFact, BlockingDuty, DutyState, GateFacts, Verdict, gate
from governance.errors import NotFound, Problem, RuleBroken
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require
from governance.risk.models import RiskAssessment
from governance.risk.overriding.models import Override

FORMAT = "senim.gate/1"
CAUTION = "This answer was true when it was given. It cannot know of a later suspension: ask again after valid_until."
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Foreseen:
    """What the gate would answer if it were asked now for the registered file of a version."""

    version: ModelVersion
    environment: str
    verdict: Verdict


def ask(
    *, by: Actor, model: AIModel | str, label: str, artefact_sha256: str, environment: str
) -> GateVerdict:
    """Answer, sign and keep one question. model: its number within the organisation of the asker, or the model itself.

    artefact_sha256: of the file about to run, "" where the version has none. Raises NotFound for whatever the asker
    may not see, NotAllowed, RuleBroken.
    """
    digest = _digest(artefact_sha256)
    _refuse_unknown(environment)
    with acting(by, "gate.asked", quiet=True):
        version = _rows(by).filter(**_of(by, model), label=label).first()
        if version is None:
            raise NotFound
        require(by, "gate.ask", version)
        asked_at = timezone.now()
        verdict = gate(facts(version, digest, environment, asked_at), load())
        return _kept(by, version, digest, environment, asked_at, verdict)


def foresee(actor: Actor, model: AIModel) -> list[Foreseen]:
    """For every version that is not withdrawn and every environment, without keeping anything."""
    route, now = load(), timezone.now()
    versions = _rows(actor).filter(model=model, withdrawn_at=None)
    return [
        Foreseen(version, environment, gate(facts(version, version.artefact_sha256, environment, now), route))
        for version in versions
        for environment in route.environments
    ]


def statement(verdict: GateVerdict, number: str) -> dict[str, Any]:
    """What the signature covers. It can be put together again from the row at any time. number: of the model."""
    return {
        "format": FORMAT,
        "id": str(verdict.pk),
        "organisation": str(verdict.organisation_id),
        "model": number,
        "version": verdict.version_label,
        "artefact_sha256": verdict.artefact_sha256,
        "environment": verdict.environment,
        "answer": verdict.answer,
        "reasons": verdict.reasons,
        "asked_by": verdict.asked_by,
        "asked_at": verdict.asked_at.isoformat(),
        "valid_until": verdict.valid_until.isoformat(),
        "caution": CAUTION,
    }


def facts(version: Any, digest: str, environment: str, asked_at: datetime) -> GateFacts:
    """What the one read saw of a version. `version` carries the annotations of `_rows`."""
    model = version.model
    permissions = tuple(_permission(version, each) for each in version.permissions)
    return GateFacts(
        version=version.label,
        artefact_sha256=digest,
        environment=environment,
        asked_at=asked_at,
        today=timezone.localdate(asked_at),
        tier=version.tier,
        revision=model.revision,
        authorisations=permissions,
        prohibited_functions=tuple(model.prohibited_functions),
        state=_state(
            version, [each for each in permissions if each.state == "active" and each.expires_at > asked_at]
        ),
    )


def _rows(actor: Actor) -> QuerySet[ModelVersion]:
    """One statement, so one snapshot: the model and its revision, both sheets, the grade and all permissions."""
    fact = JSONObject(
        artefact_sha256="artefact_sha256",
        environment="environment",
        state="state",
        reasons="reasons",
        starts_at="starts_at",
        expires_at="expires_at",
    )
    permissions = (
        Authorisation.objects.filter(version_id=OuterRef("pk")).order_by("starts_at").values(fact=fact)
    )
    versions: QuerySet[ModelVersion] = ModelVersion.objects.visible_to(actor)
    joined = versions.select_related("model__sheet", "model__permission_sheet")
    return joined.annotate(tier=_tier(), permissions=ArraySubquery(permissions))


def _tier() -> Coalesce:
    """The tier that counts today: set by hand, else computed."""
    of_the_model = {"model_id": OuterRef("model_id")}
    by_hand = Override.objects.standing(timezone.localdate()).filter(axis="tier", **of_the_model)
    computed = RiskAssessment.objects.current().filter(**of_the_model)
    chosen = by_hand.values(number=Cast("value", IntegerField()))[:1]
    return Coalesce(Subquery(chosen), Subquery(computed.values("tier")[:1]), output_field=IntegerField())


def _of(by: Actor, model: AIModel | str) -> dict[str, Any]:
    """A number means something inside one organisation only."""
    if isinstance(model, AIModel):
        return {"model_id": model.pk}
    return {"model__number": model, "organisation_id": by.organisation_id}


def _permission(version: ModelVersion, raw: Mapping[str, Any]) -> AuthorisationFact:
    """A permission of what was withdrawn is void at once, before anybody has looked it over."""
    withdrawn = [name for name, row in (("model", version.model), ("version", version)) if row.withdrawn_at]
    reasons = [each["key"] for each in raw["reasons"]] + [f"{name}_withdrawn" for name in withdrawn]
    return AuthorisationFact(
        version=version.label,
        artefact_sha256=raw["artefact_sha256"],
        environment=raw["environment"],
        state="void" if withdrawn else raw["state"],
        starts_at=datetime.fromisoformat(raw["starts_at"]),
        expires_at=datetime.fromisoformat(raw["expires_at"]),
        reason="\n".join(dict.fromkeys(reasons)),
    )


def _state(version: ModelVersion, running: Sequence[AuthorisationFact]) -> DutyState | None:
    """How far duties and, where one runs, permissions are computed: the one that is behind speaks for both."""
    if version.model.withdrawn_at or version.withdrawn_at:
        return DutyState(version.model.revision, None, ())  # nobody computes what is owed for it any more
    sheet = getattr(version.model, "sheet", None)
    if sheet is None or str(version.pk) not in sheet.failing:
        return None
    computed = sheet.computed_at_revision
    if running:
        looked_over = getattr(version.model, "permission_sheet", None)
        computed = min(computed, looked_over.computed_at_revision if looked_over else 0)
    duties = tuple(
        BlockingDuty(each["key"], each["status"], bool(each.get("excused")))
        for each in sheet.failing[str(version.pk)]
    )
    return DutyState(computed, sheet.stale_after, duties)


def _kept(
    by: Actor, version: ModelVersion, digest: str, environment: str, asked_at: datetime, verdict: Verdict
) -> GateVerdict:
    row = GateVerdict(
        organisation_id=version.organisation_id,
        model_id=version.model_id,
        version_label=version.label,
        artefact_sha256=digest,
        environment=environment,
        answer=verdict.answer,
        reasons=list(_told(verdict)),
        asked_by=by.label,
        asked_at=asked_at,
        valid_until=verdict.valid_until,
    )
    row.signature = signing.sign(statement(row, version.model.number))
    row.save(force_insert=True)
    return row


def _told(verdict: Verdict) -> Iterator[dict[str, object]]:
    for reason in verdict.reasons:
        yield reason.as_dict()


def _digest(artefact_sha256: str) -> str:
    digest = artefact_sha256.strip().lower()
    if digest and not DIGEST.fullmatch(digest):
        what = _("A SHA-256 is written with 64 hexadecimal digits.")
        raise RuleBroken(problems=[Problem("digest", what)])
    return digest


def _refuse_unknown(environment: str) -> None:
    if environment not in load().environments:
        raise RuleBroken(
            problems=[Problem("environment", _("The route of approval knows no such environment."))]
        )
