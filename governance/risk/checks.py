"""System check: every questionnaire can be read. It reads files alone, so it runs at every start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.checks import CheckMessage, Error, register

from governance.risk.checking import problems
from governance.risk.questionnaire import FOLDER

CODE = "senim.E201"


@register("senim")
def the_questionnaires_are_whole(
    app_configs: Sequence[Any] | None = None, folder: Path = FOLDER, **kwargs: Any
) -> list[CheckMessage]:
    return [Error(what, id=CODE) for path in sorted(folder.glob("*.yaml")) for what in _flaws(path)]


def _flaws(path: Path) -> Iterator[str]:
    try:
        yield from problems(path.stem, yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, TypeError, AttributeError) as error:
        yield f"{path.name}: it is no questionnaire: {' '.join(str(error).split())[:200]}"
