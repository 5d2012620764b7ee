"""Outcomes that became known later join the rows of their data period by the number of the case; its file stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.engines.counts import as_text
from monitoring.engines.windows import column_types, locked, read_columns, require_columns, row_count

if TYPE_CHECKING:
    import pyarrow as pa

CASE, LABEL, KNOWN_ON = "case", "label", "known_on"
"""Columns of the kept file: the number of the case as text, the outcome, and where it was said the day it became known."""
JOINED = """
    SELECT coalesce(numbered.own, late.label) AS known
    FROM numbered LEFT JOIN late ON numbered."case" = late."case" ORDER BY numbered.place
"""


def columns_of(
    window: Path, columns: Sequence[str], *, label: str, identifier: str = "", labels: Path | None = None
) -> pa.Table:
    """These columns of a data period with its outcomes, those of `labels` among them; all rows in their order.

    A data period that came without the column of the outcome has it all the same, empty where nothing is known.
    Raises MissingColumns.
    """
    import pyarrow as pa

    others = list(dict.fromkeys(name for name in columns if name and name != label))
    require_columns(window, others)
    own = read_columns(window, [label]).column(0) if label in column_types(window) else None
    if labels is not None:
        known = _joined(cases(window, identifier), own, read_columns(labels, [CASE, LABEL]))
    elif own is not None:
        known = own
    else:
        known = pa.chunked_array([pa.nulls(row_count(window), pa.float64())])
    return read_columns(window, others).append_column(label, known) if others else pa.table({label: known})


def cases(source: Path | pa.Table, identifier: str) -> pa.Table:
    """The number of the case of every row, in order: place (from 0) and case, as text; NULL where there is none."""
    import numpy as np
    import pyarrow as pa

    kind = require_columns(source, [identifier])[identifier]
    numbers = read_columns(source, [identifier])
    places = pa.array(np.arange(numbers.num_rows))
    with locked() as connection:
        rows = connection.from_arrow(numbers.append_column("place of the row", places))
        numbered = rows.project(f'"place of the row" AS place, {as_text(identifier, kind)} AS "case"')
        return numbered.order("place").to_arrow_table()


def _joined(numbered: pa.Table, own: pa.ChunkedArray | None, late: pa.Table) -> pa.ChunkedArray:
    """What the data period itself says of a row counts; the later labels fill what it leaves open."""
    import pyarrow as pa

    if own is None or own.null_count == len(own):
        own = pa.chunked_array([pa.nulls(numbered.num_rows, late.schema.field(LABEL).type)])
    with locked() as connection:
        connection.register("numbered", numbered.append_column("own", own))
        connection.register("late", late)
        return connection.sql(JOINED).to_arrow_table().column(0)
