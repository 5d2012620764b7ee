"""Prints reports in a process of its own: `python printing.py FOLDER` makes a PDF of each report.*.json in it.

typst keeps what it has set for as long as its process lives, some 100 MB for each pack: a worker would only ever grow.
Knows no Django; data reach the template as JSON alone, so nothing that a person wrote can become markup.
"""

from __future__ import annotations

import sys
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("report.typ")


def main(folder: Path) -> None:
    for said in sorted(folder.glob("report.*.json")):
        printed = typst.compile(
            TEMPLATE.read_bytes(),
            sys_inputs={"data": said.read_text("utf-8")},
            format="pdf",
            pdf_standards="a-2b",
            ignore_system_fonts=True,
        )
        said.with_suffix(".pdf").write_bytes(printed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
