"""Which names mean the same supplier. Competitors write one vendor in many ways; the market counts it once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

LATIN_FORMS = """ao ag as bv co company corp corporation gmbh inc incorporated jsc kg llc llp limited ltd nv oy oao ojsc
ooo plc pjsc pte pty sa sarl sas se spa srl the too zao"""
CYRILLIC_FORMS = "ао ақ ип жк жшс зао кғ оао ооо пао тоо"
LEGAL_FORMS = frozenset([*LATIN_FORMS.split(), *CYRILLIC_FORMS.split()])
"""As written beside a name, in small letters."""

WORD = re.compile(r"\w+")
NOT_IN_A_NUMBER = re.compile(r"[\W_]+")


def key(name: str) -> str:
    """The name without its legal form, quotation marks, dots and capitals: "ТОО «Вектор-Ай»" is "вектор ай".

    A name that is nothing but a legal form keeps it. At most 200 characters; empty only for a name without a letter or digit.
    """
    words = WORD.findall(_plain(name.replace(".", "")))
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)[:200]


def number(written: str) -> str:
    """A registration number without blanks, dots and dashes, in capital letters."""
    return NOT_IN_A_NUMBER.sub("", _plain(written)).upper()


def _plain(text: str) -> str:
    """Compatible letters are one letter, and so are ё and е: a name is typed either way."""
    return unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")


def merged(suppliers: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """Each (key, registration number) → the key that stands for it: equal keys and equal numbers are one supplier.

    The smallest key of the group stands for it, whatever the order.
    """
    pairs = sorted(set(suppliers))
    stands: dict[str, str] = {name: name for name, _number in pairs}
    first_of: dict[str, str] = {}
    for name, registered in pairs:
        if registered:
            one, other = _root(stands, first_of.setdefault(registered, name)), _root(stands, name)
            stands[max(one, other)] = min(one, other)
    return {pair: _root(stands, pair[0]) for pair in pairs}


def _root(stands: Mapping[str, str], name: str) -> str:
    while stands[name] != name:
        name = stands[name]
    return name
