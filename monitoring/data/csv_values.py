"""Which type a column of text keeps to, from its first row to its last, and the conversion to it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:inf|infinity)", re.IGNORECASE)
NO_NUMBER = frozenset({"na", "n/a", "#n/a", "nan", "null", "none", "-"})
"""Words that stand for a missing number. In a column of text they are text: "NA" may be Namibia."""
INT, FLOAT, BOOL, DATE, TIME, TEXT = "int64", "double", "bool", "date32", "timestamp", "string"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d(:\d\d(:\d\d(\.\d{1,6})?)?)?)?")
"""A day, or a day and a time of it without a zone, as Arrow reads them."""
CODE = r"^[+-]?0\d"
"""A leading zero makes an identifier, not a number."""
DECIMAL_COMMA = r"^\s*[+-]?\d+,\d+\s*$"


def looks_numeric(text: str, *, decimal_comma: bool = False) -> bool:
    """Whether a field is a number, or a word for a missing one."""
    value = text.strip().replace(",", ".") if decimal_comma else text.strip()
    return not value or value.lower() in NO_NUMBER or NUMBER.fullmatch(value) is not None


def looks_like_time(text: str) -> bool:
    """Whether a field is a day of the calendar or a moment of one."""
    value = text.strip()
    if MOMENT.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


class ColumnType:
    """Narrows down, batch by batch, which types every value of one column fits."""

    def __init__(self, *, semicolons: bool) -> None:
        self.possible = [INT, FLOAT, BOOL, DATE, TIME]
        self.decimal_comma = False
        self.is_code = False
        self.seen = False
        self.has_gaps = False
        self._semicolons = semicolons

    def see(self, values: pa.Array) -> None:
        """Drop the types that these values do not fit."""
        import pyarrow.compute as pc

        self.has_gaps = self.has_gaps or values.null_count > 0
        values = values.drop_null()
        if not len(values):
            return
        self.seen = True
        if self._semicolons and not self.decimal_comma:
            self.decimal_comma = bool(pc.any(pc.match_substring_regex(values, DECIMAL_COMMA)).as_py())
        self.is_code = self.is_code or bool(pc.any(pc.match_substring_regex(values, CODE)).as_py())
        self.possible = [kind for kind in self.possible if _fits(values, kind, self.decimal_comma)]

    def declare_numeric(self) -> None:
        """The dataset says that this column holds numbers: a leading zero is then a zero."""
        self.is_code = False

    def declare_text(self) -> None:
        """The dataset says that this column holds names, whatever they look like."""
        self.possible = []

    @property
    def is_numeric(self) -> bool:
        """Whether the column becomes numbers."""
        return self.name in (INT, FLOAT)

    @property
    def is_time(self) -> bool:
        """Whether every row holds a day or a moment."""
        return self.name in (DATE, TIME) and not self.has_gaps

    @property
    def name(self) -> str:
        """The narrowest type that fits everything seen; a column that is empty throughout holds no numbers."""
        if not self.seen:
            return FLOAT
        numbers = (INT, FLOAT) if self.is_code else ()
        return next((kind for kind in self.possible if kind not in numbers), TEXT)

    def arrow(self) -> pa.DataType:
        """The Arrow type."""
        import pyarrow as pa

        kinds = {
            INT: pa.int64(),
            FLOAT: pa.float64(),
            BOOL: pa.bool_(),
            DATE: pa.date32(),
            TIME: pa.timestamp("us"),
            TEXT: pa.string(),
        }
        return kinds[self.name]


def converted(values: pa.Array, kind: ColumnType) -> pa.Array:
    """The text as the column's type."""
    return _cast(values, kind.name, kind.decimal_comma)


def _fits(values: pa.Array, kind: str, decimal_comma: bool) -> bool:
    import pyarrow as pa

    try:
        return len(_cast(values, kind, decimal_comma)) == len(values)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False


def _cast(values: pa.Array, kind: str, decimal_comma: bool) -> pa.Array:
    """Raises ArrowInvalid when a value does not fit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind == TEXT:
        return values
    trimmed = pc.utf8_trim_whitespace(values)
    if kind == BOOL:
        return _booleans(pc.utf8_lower(trimmed))
    if kind == DATE:
        return trimmed.cast(pa.date32())
    if kind == TIME:
        return trimmed.cast(pa.timestamp("us"))
    missing = pc.is_in(pc.utf8_lower(trimmed), value_set=pa.array([*sorted(NO_NUMBER), ""]))
    numbers = pc.if_else(missing, pa.scalar(None, pa.string()), trimmed)
    if decimal_comma:
        numbers = pc.replace_substring(numbers, ",", ".")
    return numbers.cast(pa.int64() if kind == INT else pa.float64())


def _booleans(words: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    true, false = pc.equal(words, "true"), pc.equal(words, "false")
    if not pc.all(pc.or_(true, false), skip_nulls=True).as_py():
        raise pa.ArrowInvalid("neither true nor false")
    return true
