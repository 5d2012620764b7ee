from __future__ import annotations

from tests.monitoring.runs.conftest import preloaded

__all__ = ["preloaded"]
