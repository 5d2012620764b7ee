from audits.engagements.models import Engagement, Visit
from audits.ledger.models import Checkpoint, LedgerEntry, LedgerIndex, LedgerPayload, LedgerWaiting
from audits.packs.models import Pack

__all__ = [
    "Checkpoint",
    "Engagement",
    "LedgerEntry",
    "LedgerIndex",
    "LedgerPayload",
    "LedgerWaiting",
    "Pack",
    "Visit",
]
