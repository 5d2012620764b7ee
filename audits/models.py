from audits.ledger.models import LedgerEntry, LedgerIndex, LedgerPayload

__all__ = ["LedgerEntry", "LedgerIndex", "LedgerPayload"]
