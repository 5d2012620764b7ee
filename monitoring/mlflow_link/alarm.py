"""Watches the alias that means "in production" in MLflow: on a version without a permission it opens an incident, once.

An episode begins when the alias is first seen on such a version, and ends when it moves away or the version is permitted.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from governance.approvals.gate import Foreseen
from governance.incidents import services as incidents
from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.mlflow_link.models import Link, Seen
from monitoring.mlflow_link.telling import Answers

WITHOUT_PERMISSION = frozenset(
    {
        "not_authorised",
        "artefact_differs",
        "not_for_this_environment",
        "suspended",
        "void",
        "expired",
        "not_started",
    }
)
"""Reasons of the gate that mean: the committee has not permitted this, or not any more."""


def watch(by: Actor, link: Link, aliases: Mapping[str, int], seen: Mapping[int, Seen], said: Answers) -> None:
    """Compare where the alias points with what is permitted. by: the reader itself, who stands for nobody."""
    number = aliases.get(link.alias)
    here = seen.get(number) if number is not None else None
    unauthorised = number is not None and not _permitted(here, said)
    same = link.alias_on == number and (link.unauthorised_since is not None) == unauthorised
    if same:
        return
    with acting(by, "mlflow_alias.moved"):
        link.alias_on = number
        link.unauthorised_since = timezone.now() if unauthorised else None
        link.save(update_fields=["alias_on", "unauthorised_since"])
        if unauthorised:
            _open(by, link, here)


def _permitted(here: Seen | None, said: Answers) -> bool:
    """Not where the version is unknown to Senim, was withdrawn, or is no longer what was seen."""
    foreseen: Foreseen | None = said.get(here.version_id) if here is not None else None
    if here is None or foreseen is None or here.changed_at is not None:
        return False
    return WITHOUT_PERMISSION.isdisjoint(reason.key for reason in foreseen.verdict.reasons)


def _open(by: Actor, link: Link, here: Seen | None) -> None:
    assert link.unauthorised_since is not None
    params = {
        "alias": link.alias,
        "registered_name": link.registered_name,
        "version": here.version.label if here is not None else str(link.alias_on),
        "server": link.connector.name,
    }
    began = link.unauthorised_since.isoformat()
    incidents.open_incident(
        by=by,
        model=link.model,
        version=here.version if here is not None else None,
        kind="unauthorised_deployment",
        severity="high",
        title=f"MLflow: {link.alias} = {link.registered_name} {link.alias_on}"[:200],
        source="mlflow",
        source_key=f"{link.pk}:{link.alias}:{link.alias_on}:{began}",
        summary={"key": "unauthorised_deployment", "params": params},
    )
