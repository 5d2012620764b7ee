"""Tells MLflow what the gate would answer for production: three tags on each version, written where they differ.

`senim.gate` = allow, deny or unknown; `senim.gate.why` in a few English words, as everything else there; `senim.version`.
A tag is a courtesy to whoever reads it there. What binds is the gate itself: a tag cannot know that Senim went away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.utils import timezone, translation

from governance.approvals import gate, words
from governance.approvals.gate import Foreseen
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.mlflow_link.facts import RemoteVersion
from monitoring.mlflow_link.models import Link, Seen
from monitoring.mlflow_link.server import Server

if TYPE_CHECKING:
    from uuid import UUID

PRODUCTION = "production"
GATE, WHY, VERSION = "senim.gate", "senim.gate.why", "senim.version"
LONGEST_WHY = 300
ALLOWED = "May run in production. Ask the gate before each deployment."
CHANGED = "What MLflow holds under this number is not what Senim has on record."
WITHDRAWN = "This version was withdrawn in Senim."

Answers = Mapping["UUID", Foreseen]


def answers(by: Actor, link: Link) -> Answers:
    """What the gate would say now of each version of the model that is not withdrawn, for production."""
    with viewing(by):
        foreseen = gate.foresee(by, link.model)
    return {each.version.pk: each for each in foreseen if each.environment == PRODUCTION}


def are_settled(said: Answers) -> bool:
    """Whether none of these answers waits for requirements that are still being computed."""
    waiting = {"state_behind", "state_unreadable"}
    return all(reason.key not in waiting for each in said.values() for reason in each.verdict.reasons)


def tell(
    by: Actor,
    server: Server,
    link: Link,
    remotes: Mapping[int, RemoteVersion],
    seen: Iterable[Seen],
    said: Answers,
) -> None:
    """Write the tags that differ from what stands there. Raises ServerTrouble; the next reading writes the rest."""
    for each in seen:
        remote = remotes.get(each.number)
        if remote is None:
            continue
        wanted = tags(link, each, said.get(each.version_id))
        for key, value in wanted.items():
            if remote.tags.get(key) != value:
                body = {"name": link.registered_name, "version": str(each.number), "key": key, "value": value}
                server.post("model-versions/set-tag", body)
        if each.told != wanted:
            _note(by, each, wanted)


def tags(link: Link, each: Seen, foreseen: Foreseen | None) -> dict[str, str]:
    """foreseen: None for a version that was withdrawn."""
    number = f"{link.model.number} {each.version.label}"
    if each.changed_at is not None:
        return {GATE: "deny", WHY: CHANGED, VERSION: number}
    if foreseen is None:
        return {GATE: "deny", WHY: WITHDRAWN, VERSION: number}
    answer = foreseen.verdict.answer
    with translation.override("en"):
        said = (words.reason(each.as_dict()) for each in foreseen.verdict.reasons if each.answer == answer)
        reasons = " ".join(said)
    return {GATE: answer, WHY: (reasons or ALLOWED)[:LONGEST_WHY], VERSION: number}


def _note(by: Actor, each: Seen, wanted: dict[str, str]) -> None:
    with acting(by, "mlflow_version.told", quiet=True):
        each.told, each.told_at = wanted, timezone.now()
        each.save(update_fields=["told", "told_at"])
