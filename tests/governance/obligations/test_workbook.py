"""A workbook is legal, holds nothing but text, is the same for the same rows, and goes on where a sheet is full."""

from __future__ import annotations

import io
import zipfile

import pytest

from governance.obligations.matrix.workbook import LONGEST_CELL, Sheet, write
from tests.governance.obligations.test_gaps import sheets, tree


def book(*rows: list[str], most_rows: int = 100, name: str = "Gaps") -> bytes:
    file = io.BytesIO()
    write(file, [Sheet(name, ["A", "B"], (10, 20), iter(rows))], most_rows=most_rows)
    return file.getvalue()


def test_rows_come_back_as_they_were_given_empty_cells_in_their_place():
    rows = [["=1+1", "x"], ["", 'әғқ & <b> "y"'], [" a ", "two\nlines"]]

    assert sheets(book(*rows)) == {"Gaps": [["A", "B"], *rows]}


def test_a_cell_that_reads_as_a_formula_stays_text_when_it_is_edited():
    with zipfile.ZipFile(io.BytesIO(book(["=1+1", "x"]))) as archive:
        xml, styles = (archive.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))

    assert '<c s="2" t="inlineStr"><is><t xml:space="preserve">=1+1</t>' in xml
    looks = styles.partition("<cellXfs")[2].split("<xf ")
    assert ["quotePrefix" in look for look in looks[1:]] == [False, False, True]


def test_the_same_rows_give_the_same_bytes():
    assert book(["a", "b"]) == book(["a", "b"])


def test_a_sheet_that_is_full_goes_on_in_a_further_one_with_the_same_head():
    rows = [[str(n), "x"] for n in range(5)]

    found = sheets(book(*rows, most_rows=3))
    assert list(found) == ["Gaps", "Gaps 2", "Gaps 3"]
    assert [len(each) for each in found.values()] == [3, 3, 2]
    assert [row for each in found.values() for row in each[1:]] == rows
    assert list(sheets(book(*rows[:2], most_rows=3))) == ["Gaps"]


def test_without_a_row_there_is_a_head():
    assert sheets(book()) == {"Gaps": [["A", "B"]]}


def test_what_no_xml_may_hold_and_what_no_cell_can_hold_is_left_out():
    [_head, row] = sheets(book(["a\x00\x0b\ufffe\ud800b", "y" * (LONGEST_CELL + 1)]))["Gaps"]

    assert row == ["ab", "y" * LONGEST_CELL]


@pytest.mark.parametrize("part", ["[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"])
def test_every_part_that_another_names_is_there(part):
    with zipfile.ZipFile(io.BytesIO(book(["a", "b"]))) as archive:
        named = [each.get("PartName") or each.get("Target") for each in tree(archive, part)]
        inside = set(archive.namelist())
    base = "xl/" if part.startswith("xl/") else ""
    assert {f"{base}{each}".removeprefix("/") for each in named if each} <= inside
