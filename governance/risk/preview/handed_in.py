"""A YAML file as somebody hands it in to try it: small, in UTF-8, and without tricks of YAML."""

from __future__ import annotations

from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem, RuleBroken

LARGEST = 1024 * 1024
DEEPEST = 40
"""Levels of a file. What people write needs ten; thousands of brackets would exhaust whoever builds it."""
MOST = 200_000
"""Values of a file, with all that is repeated by reference. Our largest edition has a twentieth of it."""
FILE = "file"


def parsed(content: bytes, *, references: bool = False) -> Any:
    """references: whether it may repeat by reference (YAML aliases), as our own questionnaires do. Raises RuleBroken."""
    if len(content) > LARGEST:
        raise refused(_("The file is larger than 1 MB; it may be at most 1 MB."))
    text = _text(content)
    try:
        _weigh(text, references)
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise refused(_("This is not YAML: %(what)s") % {"what": str(error)[:300]}) from error


def refused(*what: object) -> RuleBroken:
    """Each flaw by itself."""
    return RuleBroken(problems=[Problem(FILE, str(each)) for each in what])


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused(_("The file is not in UTF-8.")) from error


def _weigh(text: str, references: bool) -> None:
    """Events come one by one, so nothing is built of a file before it is known how large it would become."""
    weights: dict[str, int] = {}
    open_ones: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_ones.append((event.anchor, 1))
        elif isinstance(event, yaml.CollectionEndEvent | yaml.ScalarEvent | yaml.AliasEvent):
            anchor, weight = (
                open_ones.pop() if isinstance(event, yaml.CollectionEndEvent) else _leaf(event, weights)
            )
            weights |= {anchor: weight} if anchor else {}
            outer, before = open_ones.pop()
            open_ones.append((outer, before + weight))
        _refuse_too_much(event, open_ones, references)


def _leaf(event: yaml.ScalarEvent | yaml.AliasEvent, weights: dict[str, int]) -> tuple[str | None, int]:
    """A value, or all that a reference repeats; one that leads into itself has no end."""
    if isinstance(event, yaml.ScalarEvent):
        return event.anchor, 1
    return None, weights.get(event.anchor or "", MOST + 1)


def _refuse_too_much(event: yaml.Event, open_ones: list[tuple[str | None, int]], references: bool) -> None:
    if isinstance(event, yaml.AliasEvent) and not references:
        raise refused(_("The file repeats something by reference (YAML aliases); write it out."))
    if len(open_ones) > DEEPEST:
        raise refused(_("The file is nested more than 40 levels deep."))
    if open_ones[-1][1] > MOST:
        raise refused(_("The file holds more than 200,000 values, with all that it repeats by reference."))
