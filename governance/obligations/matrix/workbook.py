"""An Excel workbook of the smallest legal kind: sheets of text under a bold head that stays in view.

Every cell is an inline string, so nothing in it can be a formula. The same rows give the same bytes, and they are written as
they come: none of them is held in memory. Format: ECMA-376, Part 1.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from governance.obligations.matrix.inert import is_live

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EPOCH = (1980, 1, 1, 0, 0, 0)
MOST_ROWS = 1_048_576
"""Of one sheet, its head among them."""
LONGEST_CELL = 32_767
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PLAIN, BOLD, QUOTED = 0, 1, 2
"""The looks of a cell. QUOTED: what reads as a formula stays text even when somebody edits the cell."""

Row = Sequence[str]


@dataclass(frozen=True)
class Sheet:
    """widths: of the columns, in characters."""

    name: str
    head: Row
    widths: Sequence[int]
    rows: Iterable[Row]


def write(file: IO[bytes], sheets: Iterable[Sheet], *, most_rows: int = MOST_ROWS) -> None:
    """Write an .xlsx file. A sheet that has more rows than fit goes on in a further one."""
    names: list[str] = []
    with zipfile.ZipFile(file, "w") as archive:
        for sheet in sheets:
            for name, rows in _pieces(sheet, most_rows):
                names.append(name)
                with archive.open(
                    _entry(f"xl/worksheets/sheet{len(names)}.xml"), "w", force_zip64=True
                ) as part:
                    part.writelines(each.encode() for each in _sheet(sheet, rows))
        for path, xml in _frame(names).items():
            archive.writestr(_entry(path), HEAD + xml)


def _pieces(sheet: Sheet, most_rows: int) -> Iterator[tuple[str, Iterator[Row]]]:
    """At least one, even where there is no row."""
    rest = iter(sheet.rows)
    yield sheet.name, islice(rest, most_rows - 1)
    number = 2
    while (following := next(rest, None)) is not None:
        yield f"{sheet.name} {number}", islice(chain([following], rest), most_rows - 1)
        number += 1


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _sheet(sheet: Sheet, rows: Iterable[Row]) -> Iterator[str]:
    yield f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
    for at, width in enumerate(sheet.widths, start=1):
        yield f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
    yield f"</cols><sheetData>{_row(sheet.head, BOLD)}"
    yield from (_row(row) for row in rows)
    yield "</sheetData></worksheet>"


def _row(row: Row, look: int = PLAIN) -> str:
    return f"<row>{''.join(_cell(text, look) for text in row)}</row>"


def _cell(text: str, look: int) -> str:
    """An empty one keeps its place."""
    style = QUOTED if look == PLAIN and is_live(text) else look
    said = escape(NOT_IN_XML.sub("", text)[:LONGEST_CELL])
    mark = f' s="{style}"' if style else ""
    return f'<c{mark} t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>' if said else "<c/>"


def _frame(names: Sequence[str]) -> dict[str, str]:
    """Everything beside the sheets themselves."""
    numbered = list(enumerate(names, start=1))
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPE}.worksheet+xml"/>'
        for n, _ in numbered
    )
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered]
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>{parts}</Types>',
        "_rels/.rels": _relations([("rId1", "officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relations([*links, ("rIdStyles", "styles", "styles.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/styles.xml": _styles(),
    }


def _relations(links: Iterable[tuple[str, str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in links
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def _styles() -> str:
    """PLAIN, BOLD and QUOTED, in this order."""
    wrapped = '<alignment vertical="top" wrapText="1"/>'
    return (
        f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">'
        f'<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">{wrapped}</xf>'
        f'<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">{wrapped}</xf>'
        f'<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1">{wrapped}</xf>'
        '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
