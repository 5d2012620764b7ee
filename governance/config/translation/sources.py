"""The strings that the product shows: found in the Python sources and in the templates."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tokenize import TokenError
from typing import Any

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parents[3]
CODE = ("governance", "monitoring", "audits")
TEMPLATES = "templates"
BORROWED = Path(__file__).with_name("django.pot")  # strings of Django that its own Kazakh lacks or says badly
PASSED_OVER = {"migrations", "static", "tests", "locale"}

# For each function the places of its arguments; "c" marks the context.
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


@dataclass
class Found:
    """One string: its identity, the files that show it and what its author tells the translator."""

    singular: str
    plural: str | None
    context: str | None
    files: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        """What gettext looks a string up by."""
        return (self.context, self.singular)


def gather(language: str, root: Path = ROOT) -> list[Found]:
    """Every string that the catalogue of a language must hold, sorted."""
    found: dict[tuple[str | None, str], Found] = {}
    for each in [*_of_python(root), *_of_templates(root), *(_borrowed() if language == "kk" else ())]:
        known = found.setdefault(each.key, each)
        known.plural = known.plural or each.plural
        known.files |= each.files
        known.comments += [comment for comment in each.comments if comment not in known.comments]
    return sorted(found.values(), key=lambda each: (each.singular, each.context or ""))


def _of_python(root: Path) -> Iterator[Found]:
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            if PASSED_OVER.isdisjoint(path.relative_to(root).parts):
                yield from _strings(path.read_bytes(), path.relative_to(root).as_posix())


def _of_templates(root: Path) -> Iterator[Found]:
    folders = [root / TEMPLATES, *(root / app / TEMPLATES for app in CODE)]
    for path in sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix in {".html", ".txt"}
    ):
        name = path.relative_to(root).as_posix()
        python = templatize(path.read_text(encoding="utf-8"), origin=name)
        # What templatize leaves of the markup keeps its indentation, at which a Python tokenizer takes offence.
        yield from _strings("\n".join(line.lstrip() for line in python.splitlines()).encode(), name)


def _strings(python: bytes, name: str) -> Iterator[Found]:
    try:
        yield from _calls(python, name)
    except TokenError as error:
        error.add_note(f"in {name}")
        raise


def _calls(python: bytes, name: str) -> Iterator[Found]:
    # Babel's own annotation of what it yields is wrong: comments are a list of texts.
    calls: Any = extract_python(io.BytesIO(python), KEYWORDS, ["Translators:"], {})
    for _line, function, arguments, comments in calls:
        texts = arguments if isinstance(arguments, tuple) else (arguments,)
        if found := _found(KEYWORDS[function], texts):
            found.files.add(name)
            found.comments += comments
            yield found


def _found(places: Iterable[Any], texts: tuple[Any, ...]) -> Found | None:
    """The string of one call; None when it is not a literal (a variable is translated elsewhere)."""
    context: str | None = None
    words: list[str] = []
    for place in places:
        number = place[0] if isinstance(place, tuple) else place
        text = texts[number - 1] if number <= len(texts) else None
        if not isinstance(text, str) or not text:
            return None
        if isinstance(place, tuple):
            context = text
        else:
            words.append(text)
    return Found(words[0], words[1] if len(words) > 1 else None, context)


def _borrowed() -> Iterator[Found]:
    with BORROWED.open("rb") as file:
        for message in read_po(file):
            identity: Any = message.id
            if identity:
                singular, plural = identity if isinstance(identity, tuple) else (identity, None)
                yield Found(singular, plural, message.context, comments=["A string of Django."])
