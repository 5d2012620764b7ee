"""A YAML file as somebody hands it in to try it: small, in UTF-8, and without tricks of YAML."""

from __future__ import annotations

from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem, RuleBroken

LARGEST = 1024 * 1024
DEEPEST = 40
"""Levels of a file. What people write needs ten; thousands of brackets would exhaust whoever builds it."""
FILE = "file"


def parsed(content: bytes) -> Any:
    """Raises RuleBroken."""
    if len(content) > LARGEST:
        raise refused(_("The file is larger than 1 MB; it may be at most 1 MB."))
    text = _text(content)
    try:
        _refuse_tricks(text)
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


def _refuse_tricks(text: str) -> None:
    """Events come one by one, so nothing is built of a file before it is known to be harmless."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise refused(_("The file repeats something by reference (YAML aliases); write it out."))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise refused(_("The file is nested more than 40 levels deep."))
