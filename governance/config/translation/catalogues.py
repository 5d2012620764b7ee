"""The catalogues: read, brought up to date with the sources, judged and compiled."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from governance.config.languages import LOCALE, source
from governance.config.translation.sources import Found, gather

# Kazakh keeps the noun in the singular after a number. The Russian rule is CLDR's for whole numbers.
PLURALS = {
    "kk": "nplurals=1; plural=0;",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
}
# No dates and no names: the file changes only when a string or its translation does.
HEADER = """\
# Edit the msgstr lines by hand; `manage.py translations extract` keeps the msgids in step with the sources.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)(?:\.\d+)?[a-z]|%(?:\.\d+)?[sdrif]|\{\w*\}")


@dataclass(frozen=True)
class Problem:
    """what: missing, obsolete, fuzzy, untranslated or placeholders."""

    language: str
    what: str
    msgid: str

    def __str__(self) -> str:
        return f"{self.language}: {self.what}: {self.msgid!r}"


def read(language: str, path: Path) -> Catalog:
    """A catalogue as it stands; an empty one when there is no file yet."""
    text = path.read_bytes() if path.exists() else _header(language).encode()
    return read_po(io.BytesIO(text), locale=language)


def _header(language: str) -> str:
    return HEADER.format(language=language, plurals=PLURALS[language])


def update(language: str, folder: Path = LOCALE) -> int:
    """Bring a catalogue in step with the sources; new strings stay untranslated. Returns how many those are."""
    path = source(language, folder)
    old = read(language, path)
    fresh = read_po(io.BytesIO(_header(language).encode()), locale=language)
    for found in gather(language):
        _carry_over(found, old, fresh)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_header(language) + _body(fresh), encoding="utf-8")
    return sum(1 for message in _messages(fresh) if not _is_complete(message))


def _carry_over(found: Found, old: Catalog, fresh: Catalog) -> None:
    """Add a string with the translation it had, if the two have the same number of forms."""
    known = old.get(found.singular, found.context)
    identity = (found.singular, found.plural) if found.plural else found.singular
    message = fresh.add(
        identity,
        locations=[(name, 0) for name in sorted(found.files)],
        auto_comments=found.comments,
        user_comments=known.user_comments if known else (),
        context=found.context,
    )
    if known and isinstance(known.string, tuple) == bool(found.plural):
        message.string = known.string
        message.flags |= known.flags & {"fuzzy"}


def _body(catalogue: Catalog) -> str:
    written = io.BytesIO()
    write_po(written, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return written.getvalue().decode()


def compile_catalogue(language: str, path: Path, digest: str) -> bytes:
    """The binary form that Django reads; its header names the digest of the source."""
    catalogue = read(language, path)
    catalogue.project, catalogue.version = "senim", digest
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def problems(language: str, folder: Path = LOCALE) -> list[Problem]:
    """Everything that keeps a catalogue from being complete, in the order of its strings."""
    catalogue = read(language, source(language, folder))
    wanted = {found.key: found for found in gather(language)}
    held = {(message.context, _singular(message)): message for message in _messages(catalogue)}
    found = [("missing", key[1]) for key in wanted if key not in held]
    found += [("obsolete", key[1]) for key in held if key not in wanted]
    found += [("obsolete", _singular(message)) for message in catalogue.obsolete.values()]
    found += [(what, _singular(message)) for message in held.values() for what in _faults(message)]
    return [Problem(language, what, msgid) for what, msgid in sorted(found)]


def _faults(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    if not _is_complete(message):
        yield "untranslated"
    elif any(_placeholders(form) != _wanted_placeholders(message) for form in _forms(message)):
        yield "placeholders"


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string or ""),)


def _is_complete(message: Message) -> bool:
    return all(form.strip() for form in _forms(message))


def _wanted_placeholders(message: Message) -> set[str]:
    """Those of the plural, where there is one: "one day ago" may leave the number out, its translation for 21 may not."""
    return _placeholders(message.id[1] if isinstance(message.id, tuple) else str(message.id))


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))
