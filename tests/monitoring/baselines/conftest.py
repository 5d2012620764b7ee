from __future__ import annotations

import pytest

from monitoring.runs import services as runs
from tests.monitoring.loans import Loans, loans
from tests.monitoring.runs.conftest import preloaded

__all__ = ["preloaded"]

FROZEN = {"cells": "frozen_baseline"}


@pytest.fixture
def things(owner) -> Loans:
    """A model whose plan goes by the frozen baseline."""
    there = loans(owner, bare=True)
    runs.set_plan(by=owner, dataset=there.dataset, check_key="drift", limits=FROZEN, reason="one pass")
    return there
