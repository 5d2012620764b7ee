"""A candidate edition as somebody hands it in: small, without tricks of YAML, and sound."""

from __future__ import annotations

import tempfile
from pathlib import Path

import yaml
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem, RuleBroken
from governance.obligations.edition import Edition, EditionBroken, read, vocabularies

LARGEST = 1024 * 1024
FILE = "file"


def candidate(content: bytes, name: str) -> Edition:
    """Raises RuleBroken: each flaw of the edition by itself, with its place in the file."""
    if len(content) > LARGEST:
        raise _refused(_("An edition is at most 1 MB."))
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(content, Loader=yaml.CSafeLoader)):
            raise _refused(_("An edition repeats nothing by reference (YAML aliases)."))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "candidate.yaml"
            path.write_bytes(content)
            return read(path, vocabularies())
    except yaml.YAMLError as error:
        raise _refused(_("This is not YAML: %(what)s") % {"what": str(error)[:300]}) from error
    except EditionBroken as broken:
        raise RuleBroken(problems=[Problem(FILE, flaw) for flaw in broken.problems]) from broken
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise _refused(_("This is not an edition of the catalogue.")) from error


def _refused(what: object) -> RuleBroken:
    return RuleBroken(problems=[Problem(FILE, str(what))])
