"""The sections of a pack, one file each: `ORDER`, and `parts(subject)`, which yields its files. Found by themselves."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from audits.packs.parts import Part
from audits.packs.subject import Subject


@cache
def sections() -> tuple[ModuleType, ...]:
    """In the order in which a reader would want them."""
    names = [each.name for each in pkgutil.iter_modules(__path__)]
    there = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(sorted(there, key=lambda section: (section.ORDER, section.__name__)))


def parts(subject: Subject) -> Iterator[Part]:
    """Every file of every section, one at a time: a file is read before the next one is asked for."""
    for section in sections():
        yield from section.parts(subject)
