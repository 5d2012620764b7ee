"""Prints PDFs in a process of its own: `python printing.py TEMPLATE FOLDER` makes one of each *.json in the folder.

typst keeps what it has set for as long as its process lives, some 100 MB for each pack: a worker would only ever grow.
The child knows no Django; data reach the template as JSON alone, so nothing that a person wrote can become markup.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

PATIENCE = 300


class NotPrinted(RuntimeError):
    """The printer ended with an error; the message is what it said."""


def print_all(template: Path, folder: Path) -> None:
    """Beside each *.json of the folder its PDF. Raises NotPrinted."""
    printing = [sys.executable, "-I", __file__, str(template), str(folder)]
    try:
        ran = subprocess.run(printing, capture_output=True, text=True, timeout=PATIENCE, cwd=folder)
    except subprocess.TimeoutExpired as late:
        raise NotPrinted(f"not done within {PATIENCE} s") from late
    if ran.returncode:
        raise NotPrinted(ran.stderr[-2000:])


def printed(template: Path, said: str) -> bytes:
    """The PDF of one JSON. The same text gives the same bytes. Raises NotPrinted."""
    with tempfile.TemporaryDirectory(prefix="senim-print-") as work:
        place = Path(work) / "document.json"
        place.write_text(said, "utf-8")
        print_all(template, Path(work))
        return place.with_suffix(".pdf").read_bytes()


def main(template: Path, folder: Path) -> None:
    for said in sorted(folder.glob("*.json")):
        said.with_suffix(".pdf").write_bytes(_pdf(template, said.read_text("utf-8")))


def _pdf(template: Path, said: str) -> bytes:
    """As PDF/A-2b, which forbids a sign that no font draws: where somebody typed one (an emoji), as a plain PDF."""
    try:
        return _compiled(template, said, standards=["a-2b"])
    except RuntimeError as wrong:  # typst's own errors are such
        if "could not be displayed" not in str(wrong):
            raise
        return _compiled(template, said, standards=[])


def _compiled(template: Path, said: str, *, standards: list[Literal["a-2b"]]) -> bytes:
    import typst  # in the child alone: what it holds is gone with it

    return typst.compile(
        template.read_bytes(),
        sys_inputs={"data": said},
        format="pdf",
        pdf_standards=[*standards],
        ignore_system_fonts=True,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
