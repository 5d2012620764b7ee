"""What every service of this room asks of what it is given."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem, RuleBroken

MOST_WORDS = 4000


def said(words: str, field: str, otherwise: str | Promise, *, longest: int = MOST_WORDS) -> str:
    """What somebody wrote, without the blanks around it. Raises RuleBroken."""
    words = words.strip()
    if not words:
        raise RuleBroken(problems=[Problem(field, str(otherwise))])
    if len(words) > longest:
        raise RuleBroken(problems=[Problem(field, _("This is too long."))])
    return words


def chosen(value: str, among: type[TextChoices], field: str) -> str:
    """Raises RuleBroken."""
    if value not in among.values:
        raise RuleBroken(problems=[Problem(field, _("Choose one of the list."))])
    return value
