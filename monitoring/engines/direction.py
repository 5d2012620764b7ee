"""For which outcome a high score speaks: for the favourable one, as of a repayment, or against it, as of a default."""

from __future__ import annotations

from monitoring.engines.refusals import CannotMeasure

FOR, AGAINST = "favourable", "unfavourable"
WORDS = {"true": FOR, "false": AGAINST}
NUMBERS = {1.0: FOR, 0.0: AGAINST}


def told_by(favourable: str) -> str:
    """What the favourable value tells by itself: a score speaks for 1 and true, against 0 and false. "" = it does not tell."""
    try:
        return NUMBERS.get(float(favourable), "")
    except ValueError:
        return WORDS.get(favourable.strip().lower(), "")


def speaks_against(favourable: str, said: str) -> bool:
    """said: FOR, AGAINST, or "" where the value tells it. Raises CannotMeasure where neither does."""
    direction = said or told_by(favourable)
    if not direction:
        raise CannotMeasure("direction_unknown", favourable=favourable)
    return direction == AGAINST


def is_true(favourable: str) -> bool | None:
    """Of a column that is true or false the favourable truth; None where the value names neither."""
    direction = told_by(favourable)
    return direction == FOR if direction else None
