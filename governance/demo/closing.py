"""How the story ends: what the ledger kept of it, and a table for whoever watches."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone, translation
from rich.console import Console
from rich.table import Table

from audits.models import LedgerEntry
from governance.demo.cast import BANK, FIRMS, REGISTER, Cast
from governance.demo.visitor import StoryBroken
from governance.desk.overview import lines
from governance.inventory.models import AIModel
from governance.people.acting import viewing
from governance.people.models import User

STEPS = {
    "model.registered": "owner@alatau.demo",
    "risk.assessed": "owner@alatau.demo",
    "version.added": "owner@alatau.demo",
    "window.added": "owner@alatau.demo",
    "mapping.signed": "validator@alatau.demo",
    "requirement.concluded": "validator@alatau.demo",
    "approval.requested": "owner@alatau.demo",
    "approval.recommended": "validator@alatau.demo",
    "approval.voted": "member1@alatau.demo",
}
"""What the ledger must hold, and who must have done it."""


def prove_the_ledger(cast: Cast) -> None:
    """Every step stands in the ledger with its actor. Raises StoryBroken."""
    bank = UUID(cast.organisations[BANK.bin])
    with viewing(REGISTER):
        people = {user.email: f"person:{user.pk}" for user in User.objects.filter(email__in=STEPS.values())}
        told = set(LedgerEntry.objects.filter(organisation_id=bank).values_list("action", "actor"))
        kinds = {actor.partition(":")[0] for _action, actor in told}
    missing = {action: email for action, email in STEPS.items() if (action, people[email]) not in told}
    if missing:
        raise StoryBroken(f"the ledger lacks {missing}; it has {sorted(action for action, _actor in told)}")
    if not {"person", "token", "system"} <= kinds:
        raise StoryBroken(f"the ledger knows only {kinds}")


def show(console: Console, cast: Cast, url: str) -> None:
    """The table, the address and the sign-ins."""
    with viewing(REGISTER), translation.override("en"):
        table = Table(
            "Model", "Version", "Grade", "Requirements by status", "Gate", title="What the story left behind"
        )
        models = AIModel.objects.select_related("organisation").order_by("number")
        for line in lines(models, REGISTER, timezone.now()):
            versions = ", ".join(line.model.versions.order_by("created_at").values_list("label", flat=True))
            grade = (
                f"{line.grade.get_risk_degree_display()} risk, tier {line.grade.tier}" if line.grade else "–"
            )
            counts = "\n".join(f"{number} {status.replace('_', ' ')}" for status, number in line.counts)
            gate = f"allow {line.authorised}" if line.authorised else "deny"
            table.add_row(f"{line.model.number} {line.model.name}", versions, grade, counts, gate)
    console.print(table)
    console.print(f"\n[bold]{url}[/bold]   password for everybody: [bold]{cast.password}[/bold]")
    for firm in FIRMS:
        for part in firm.people:
            console.print(f"  {part.email:28} {part.name:18} {', '.join(part.roles)} · {firm.names['en']}")
