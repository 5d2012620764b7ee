"""What pages ask about the chain behind a model."""

from __future__ import annotations

from governance.inventory.models import AIModel
from governance.inventory.suppliers.models import Component


def chain_of(model: AIModel) -> list[Component]:
    """Everything from outside that the model stands on, in the order in which it was entered."""
    return list(Component.objects.standing().filter(model=model).select_related("provider"))
