"""The smallest row of every list, and who writes it."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from governance.inventory.models import AIModel
from governance.inventory.rows import services
from governance.inventory.rows.lists import OF_SLUG
from governance.inventory.rows.models import Row
from governance.people.actor import Actor

TODAY = timezone.localdate()
ROWS = {
    "data-inputs": {
        "name": "Order book",
        "used_for": "operation",
        "kind": "market",
        "source": "KASE feed",
        "sensitive": "None: quotes hold no people.",
    },
    "algorithms": {
        "algorithm_id": "ALG-1",
        "objective": "Best price",
        "venues": "KASE",
        "executes": True,
        "risk_parameters": "At most 100 orders a second",
        "kill_switch": "The desk, within a second",
    },
    "operators": {"name": "Equity desk", "starts_on": date(2026, 1, 1), "training": "Course on the model"},
    "dependencies": {"direction": "upstream", "system": "Price server", "passes": "Quotes"},
    "adjustments": {
        "reason": "Thin market",
        "size": "+5 %",
        "method": "Added to the spread",
        "responsible": "A. Trader",
        "starts_on": date(2026, 1, 1),
        "ends_on": TODAY,
    },
    "regimes": {"regime": "SR 26-2", "determined": "out", "rationale": "No bank of the United States."},
}


def add(by: Actor, model: AIModel, slug: str, **said: object) -> Row:
    return services.add(by=by, model=model, to=OF_SLUG[slug], fields={**ROWS[slug], **said})


def writer(slug: str, owner: Actor, validator: Actor) -> Actor:
    """The second line says which regimes reach a model, its owner everything else."""
    return validator if slug == "regimes" else owner
