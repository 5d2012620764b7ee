"""A Word document of the smallest legal kind. The same text gives the same bytes. Format: ECMA-376, Part 1."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

from governance.inventory.outlines.markup import Block, blocks

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EPOCH = (1980, 1, 1, 0, 0, 0)
SIZES = {"Heading1": 36, "Heading2": 28}


def document(markdown: str) -> bytes:
    """The bytes of a .docx file."""
    body = "".join(_paragraph(block) for block in blocks(markdown))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{OFFICE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{OFFICE}.styles+xml"/></Types>',
        "_rels/.rels": _relation("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _relation("styles", "styles.xml"),
        "word/styles.xml": f'<w:styles xmlns:w="{SPACE}">{"".join(_styles())}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{SPACE}"><w:body>{body}<w:sectPr/></w:body></w:document>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), HEAD + xml)
    return file.getvalue()


def _relation(kind: str, target: str) -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{base}/{kind}" Target="{target}"/></Relationships>'
    )


def _styles() -> Iterator[str]:
    for at, (name, size) in enumerate(SIZES.items()):
        yield (
            f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="heading {at + 1}"/>'
            f'<w:pPr><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="{at}"/></w:pPr>'
            f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
        )


def _paragraph(block: Block) -> str:
    runs = "".join(_run(text, bold=bold) for text, bold in block.runs)
    if block.kind == "heading":
        style = f'<w:pPr><w:pStyle w:val="Heading{block.depth}"/></w:pPr>'
        return f"<w:p>{style}{runs}</w:p>"
    if block.kind == "bullet":
        left = 360 * (1 + block.depth)
        place = f'<w:pPr><w:ind w:left="{left}" w:hanging="240"/></w:pPr>'
        return f"<w:p>{place}{_run('• ')}{runs}</w:p>"
    return f"<w:p>{runs}</w:p>"


def _run(text: str, *, bold: bool = False) -> str:
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
