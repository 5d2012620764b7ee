"""On which basis the firms of the story hand in rows, and when these are erased."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

KEPT_DAYS = 365


def consent() -> dict[str, str]:
    """Of people who apply for a mortgage."""
    return _until("consent", "Consent to automated scoring, signed with each application")


def contract() -> dict[str, str]:
    """Of companies that borrow: no personal data, but a bank secret."""
    return _until("contract", "The loan agreement allows the bank to check its models on it")


def _until(kind: str, words: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=KEPT_DAYS)
    return {"legal_basis": kind, "basis_text": words, "keep_until": day.isoformat()}
