"""Which files are accepted as documents: a short list, each judged by its content."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem, RuleBroken
from governance.inventory.archives import lists_too_much

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LARGEST = 25 * 1024 * 1024
HEAD = 8
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Paper:
    """begins: the first bytes; empty for plain text. holds: what an office archive has inside."""

    media_type: str
    begins: bytes = b""
    holds: str = ""


ACCEPTED: Mapping[str, Paper] = {
    "pdf": Paper("application/pdf", b"%PDF-"),
    "docx": Paper(OFFICE + "wordprocessingml.document", b"PK\x03\x04", "word/document.xml"),
    "xlsx": Paper(OFFICE + "spreadsheetml.sheet", b"PK\x03\x04", "xl/workbook.xml"),
    "odt": Paper("application/vnd.oasis.opendocument.text", b"PK\x03\x04", "content.xml"),
    "png": Paper("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": Paper("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": Paper("image/jpeg", b"\xff\xd8\xff"),
    "md": Paper("text/markdown; charset=utf-8"),
    "txt": Paper("text/plain; charset=utf-8"),
    "csv": Paper("text/csv; charset=utf-8"),
}


def media_type(file: BinaryIO, name: str) -> str:
    """The media type of a document whose content is what its name says. Raises RuleBroken."""
    paper = ACCEPTED.get(PurePath(name).suffix.lower().lstrip("."))
    if paper is None:
        accepted = ", ".join(ACCEPTED)
        raise _refused(
            _("Files of this kind are not accepted. Accepted are: %(accepted)s.") % {"accepted": accepted}
        )
    file.seek(0, 2)
    if file.tell() == 0:
        raise _refused(_("The file is empty."))
    if file.tell() > LARGEST:
        raise _refused(_("The file is larger than 25 MB."))
    file.seek(0)
    if not _is(paper, file):
        raise _refused(_("The content of the file is not what its name says."))
    file.seek(0)
    return paper.media_type


def _is(paper: Paper, file: BinaryIO) -> bool:
    if not paper.begins:
        return _is_text(file.read())
    if not file.read(HEAD).startswith(paper.begins):
        return False
    return not paper.holds or _archive_holds(file, paper.holds)


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content


def _archive_holds(file: BinaryIO, member: str) -> bool:
    """An office file without macros."""
    if lists_too_much(file):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return member in names and not any("vbaproject" in name.lower() for name in names)


def _refused(what: StrOrPromise) -> RuleBroken:
    return RuleBroken(problems=[Problem("file", what)])
