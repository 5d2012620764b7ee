"""What is wrong with an uploaded file, in the reader's language, with row, column and rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from monitoring.data.counts_words import COUNTS
from monitoring.data.faults import Fault
from monitoring.data.log_words import LOGS
from monitoring.data.outcome_words import OUTCOMES
from monitoring.shielding.words import LOOKS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FAULTS: dict[str, StrOrPromise] = {
    **COUNTS,
    **LOOKS,
    **LOGS,
    **OUTCOMES,
    "empty_file": _("The file is empty."),
    "no_rows": _("There are column names but no rows of data."),
    "no_header": _("The first row must hold the names of the columns; here it looks like data: %(found)s."),
    "spreadsheet": _("This is a spreadsheet file. Save the sheet as CSV (UTF-8) and upload that."),
    "compressed": _("The file is compressed. Upload it unpacked."),
    "pickle": _("This is a Python pickle. It can run code when opened, so it is never opened here."),
    "not_utf8": _("The text is not UTF-8. Save the file as CSV UTF-8."),
    "binary_bytes": _("There is a zero byte here: this is not a text file."),
    "not_parquet": _("This file cannot be read as Parquet."),
    "damaged_parquet": _("The Parquet file is damaged: only %(readable)s rows can be read."),
    "footer_lies": _("The Parquet file says it has %(declared)s rows, but %(readable)s can be read."),
    "too_many_bytes": _("The file unpacks to %(found)s bytes; at most %(limit)s are allowed."),
    "too_many_rows": _("There are more than %(limit)s rows."),
    "too_many_columns": _("There are %(found)s columns; at most %(limit)s are allowed."),
    "unnamed_column": _("Column number %(position)s has no name."),
    "duplicate_column": _("This column name stands there more than once."),
    "bad_column_name": _("This column name is too long or holds characters that cannot be printed."),
    "missing_column": _("The dataset needs this column, and the file does not have it."),
    "nested_column": _("The values are lists or records (%(type)s); a check reads plain values only."),
    "unsupported_type": _("Values of the type %(type)s cannot be read by any check."),
    "not_numeric": _("“%(value)s” is not a number. The dataset says that this column holds numbers."),
    "not_time": _(
        "“%(value)s” is not a date. The dataset says that this column holds the time: write 2026-11-22 or "
        "2026-11-22 14:30:00, without a time zone."
    ),
    "time_missing": _(
        "There is no date here. The dataset says that this column holds the time of every row."
    ),
    "time_out_of_range": _("The dates reach from %(first)s to %(last)s: some of them cannot be right."),
    "value_too_long": _(
        "A value here is longer than %(limit)s characters. A quotation mark may be opened and never closed."
    ),
    "unclosed_quote": _("A quotation mark is opened and never closed."),
    "wrong_field_count": _("The row has %(found)s values; the header names %(expected)s columns."),
    "broken_csv": _("This is not valid CSV: %(reason)s"),
    "broken_json": _("This is not valid JSON: %(reason)s"),
    "not_an_object": _("A row must be an object, such as {“income”: 1200}."),
    "key_missing": _(
        "The first row has this column, and this row does not. Write null where there is no value."
    ),
    "key_unknown": _("The first row does not have this column. Every row has the same columns."),
    "mixed_types": _(
        "“%(value)s” is of another kind than the values before it: numbers, text, and true or false never stand in one column."
    ),
    "number_too_large": _("%(value)s is larger than a column can hold."),
    "half_a_letter": _("There is half a letter here (a lone surrogate), which no text may hold."),
    "took_too_much": _("Reading the file took more time or memory than it may."),
}
UNKNOWN = _("The file breaks the rule “%(rule)s”.")


def problem(fault: Fault) -> Problem:
    """Where it stands and what is wrong there."""
    template = str(FAULTS.get(fault.rule, UNKNOWN))
    return Problem(where(fault), template % _Params({"rule": fault.rule, **fault.params}))


def where(fault: Fault) -> str:
    parts = []
    if fault.row is not None:
        parts.append(gettext("row %(row)s") % {"row": fault.row})
    if fault.column is not None:
        parts.append(gettext("column %(column)s") % {"column": fault.column})
    if fault.offset:
        parts.append(gettext("byte %(offset)s") % {"offset": fault.offset})
    return ", ".join(parts) or gettext("file")


class _Params(dict[str, Any]):
    """Lists are written with commas; a fact that a rule does not tell is a dash."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__({key: _written(value) for key, value in params.items()})

    def __missing__(self, key: str) -> str:
        return "–"


def _written(value: object) -> str:
    if isinstance(value, list | tuple):
        shown = ", ".join(map(str, value[:10]))
        return f"{shown}, …" if len(value) > 10 else shown
    return str(value)
