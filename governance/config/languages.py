"""The three languages, and their catalogues compiled when they have changed.

The compiled .mo files are not committed: they are derived from the .po files beside them, without any system tool.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

LANGUAGES = (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))
TRANSLATED = ("kk", "ru")  # English is the language of the sources
LOCALE = Path(__file__).resolve().parents[1] / "locale"


def source(language: str, folder: Path = LOCALE) -> Path:
    """The catalogue that people edit."""
    return folder / language / "LC_MESSAGES" / "django.po"


def ensure_compiled(folder: Path = LOCALE) -> None:
    """Compile every catalogue that differs from its compiled form. Several processes may do it at the same time."""
    for language in TRANSLATED:
        words = source(language, folder)
        if not words.exists():
            continue
        digest = hashlib.sha256(words.read_bytes()).hexdigest()
        compiled = words.with_suffix(".mo")
        if not _is_made_from(compiled, digest):
            # Babel costs 60 ms and is needed only after a change, not by every process that starts.
            from governance.config.translation.catalogues import compile_catalogue

            _put(compiled, compile_catalogue(language, words, digest))


def _is_made_from(compiled: Path, digest: str) -> bool:
    """Whether the header of the compiled catalogue names the digest of its source."""
    try:
        return digest.encode() in compiled.read_bytes()
    except FileNotFoundError:
        return False


def _put(target: Path, content: bytes) -> None:
    """Write a file at once: a reader sees the old one or the new one, whoever else writes it."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".mo", delete=False) as draft:
        draft.write(content)
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(target)
