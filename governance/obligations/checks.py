"""System check: the catalogue is whole. It reads files alone (0.1 s), so it runs at every start."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error, register

from governance.obligations.edition import CATALOGUE
from governance.obligations.whole import flaws


@register("senim")
def the_catalogue_is_whole(
    app_configs: Sequence[Any] | None = None, folder: Path = CATALOGUE, **kwargs: Any
) -> list[CheckMessage]:
    return [Error(str(flaw), id=flaw.code) for flaw in flaws(folder)]
