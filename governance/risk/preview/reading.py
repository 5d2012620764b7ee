"""A candidate questionnaire as somebody hands it in: the same errors as where an edition of ours is read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from governance.risk.preview.handed_in import parsed, refused
from governance.risk.questionnaire import QuestionnaireBroken, built
from governance.risk.questions import Questionnaire


def candidate(content: bytes) -> Questionnaire:
    """Raises RuleBroken: each flaw of the questionnaire by itself, with its place in the file."""
    raw = parsed(content, references=True)
    if not isinstance(raw, Mapping):
        raise refused(_("This is not a questionnaire."))
    try:
        return built(str(raw.get("edition")), raw, hashlib.sha256(content).hexdigest())
    except QuestionnaireBroken as broken:
        raise refused(*broken.problems) from broken
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise refused(_("This is not a questionnaire.")) from error
