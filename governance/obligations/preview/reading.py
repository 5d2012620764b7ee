"""A candidate edition as somebody hands it in: small, without tricks of YAML, and sound."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from governance.obligations.edition import Edition, EditionBroken, read, vocabularies
from governance.risk.preview.handed_in import parsed, refused


def candidate(content: bytes) -> Edition:
    """Raises RuleBroken: each flaw of the edition by itself, with its place in the file."""
    parsed(content)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "candidate.yaml"
            path.write_bytes(content)
            return read(path, vocabularies())
    except EditionBroken as broken:
        raise refused(*broken.problems) from broken
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise refused(_("This is not an edition of the catalogue.")) from error
