"""A file that is handed in to be tried is small, in UTF-8 and plain, before anything is built of it."""

from __future__ import annotations

import pytest

from governance.errors import RuleBroken
from governance.risk.preview.handed_in import LARGEST, parsed
from governance.risk.preview.reading import candidate
from governance.risk.questionnaire import FOLDER

BOMB = b"a: &a [x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + n, 98 + n, b", ".join([b"*%c" % (97 + n)] * 8)) for n in range(8)
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB, "by reference"),
        (b"[" * 200_000, "nested more than 40 levels"),
        (b"{a: " * 200_000, "nested more than 40 levels"),
        (b"x" * (LARGEST + 1), "at most 1 MB"),
        ("edition: тіл".encode("utf-16"), "not in UTF-8"),
        (b"edition: \xff\xfe", "not in UTF-8"),
        (b"edition: a\x00b", "This is not YAML"),
        (b"edition: !!python/object/apply:os.system [true]", "This is not YAML"),
        (b"day: 2026-13-45", "This is not YAML"),
        (b"number: " + b"9" * 10_000, "This is not YAML"),
        (b"a: 1\n---\nb: 2\n", "This is not YAML"),
    ],
    ids=[
        "bomb", "brackets", "braces", "large", "utf_16", "no_utf_8", "zero", "tag", "no_day", "number", "two_documents",
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_with_one_clear_sentence(content, words):
    with pytest.raises(RuleBroken) as refusal:
        parsed(content)
    [problem] = refusal.value.problems
    assert problem.where == "file" and words in str(problem.what)


@pytest.mark.parametrize("content", [BOMB, b"a: &a [*a]", b"a: &a {b: [*a, *a]}"])
def test_where_references_are_allowed_they_may_not_grow_without_end(content):
    with pytest.raises(RuleBroken) as refusal:
        parsed(content, references=True)
    assert "more than 200,000 values" in str(refusal.value.problems[0].what)


def test_our_own_questionnaires_may_be_handed_in():
    for path in FOLDER.glob("*.yaml"):
        assert candidate(path.read_bytes()).edition == path.stem


def test_a_plain_file_is_read_with_or_without_a_byte_order_mark():
    assert parsed(b"a: [1, 2]") == parsed(b"\xef\xbb\xbfa: [1, 2]") == {"a": [1, 2]}
