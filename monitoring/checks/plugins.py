"""Checks that other packages bring, by the entry-point group `senim.checks`: each is looked at before it is taken.

An entry names a Check: `senim.checks = {liquidity = "acme_checks.liquidity:CHECK"}`. One that is broken is refused with its
reason; the others stand. Whoever installs a package trusts its code: this looks for mistakes, not for malice.
"""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_args

from django.utils.functional import Promise

from monitoring.checks.check import (
    Check,
    FactVerdict,
    Judged,
    Kind,
    Limit,
    Limits,
    MeasurementFact,
    Need,
    Origin,
    Verdict,
)
from monitoring.engines.results import plain

GROUP = "senim.checks"
KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
SIDES = ("at_least", "at_most", "")
WORDS = ("title", "question", "how", "when_bad", "unit", "evidence")
TRUTHS = ("reads_counts", "takes_reference", "reads_labels")
LONGEST_FACT = {"metric": 60, "subject": 200, "unit": 24}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refused:
    """A check that is not in the register, and why. In English: developers and operators read it."""

    name: str
    package: str
    version: str
    why: str

    def __str__(self) -> str:
        return f"The check {self.name} of the package {self.package} {self.version} was refused: {self.why}"


def found(taken: Mapping[str, Check]) -> tuple[dict[str, Check], list[Refused]]:
    """The sound checks of installed packages, and the refused ones. taken: keys that are no longer free."""
    sound: dict[str, Check] = {}
    refused = []
    for entry in sorted(entry_points(group=GROUP), key=lambda each: (*_package(each), each.name, each.value)):
        package, version = _package(entry)
        try:
            check = _opened(entry, {**taken, **sound})
        except Unsound as flaw:
            refused.append(Refused(entry.name, package, version, str(flaw)))
        else:
            sound[check.key] = replace(check, origin=Origin(entry.name, package, version))
    return sound, refused


def tell(refused: Collection[Refused]) -> None:
    """What was refused, into the log of this process."""
    for each in refused:
        log.error("%s", each)


class Unsound(Exception):
    """Why a check cannot be taken."""


def _package(entry: EntryPoint) -> tuple[str, str]:
    return (entry.dist.name, entry.dist.version) if entry.dist else ("?", "?")


def _opened(entry: EntryPoint, taken: Mapping[str, Check]) -> Check:
    """Raises Unsound, whatever the package does when it is imported."""
    try:
        check = entry.load()
    except (Exception, SystemExit) as broken:
        raise Unsound(f"{entry.value} cannot be imported ({type(broken).__name__}: {broken})") from broken
    if not isinstance(check, Check):
        raise Unsound(f"{entry.value} is no monitoring.checks.check.Check but of type {type(check).__name__}")
    try:
        flaw = next(_flaws(check, taken), None)
    except Exception as broken:
        raise Unsound(f"it cannot be read ({type(broken).__name__}: {broken})") from broken
    if flaw:
        raise Unsound(flaw)
    return check


def _flaws(check: Check, taken: Mapping[str, Check]) -> Iterator[str]:
    """Everything that is wrong with it, in the order in which it would be met."""
    if not isinstance(check.key, str) or not KEY.fullmatch(check.key):
        yield "its key must be 1 to 40 lower-case letters, digits, - and _, and begin with a letter"
    if check.key in taken:
        yield f"the key {check.key} is taken by {_holder(taken[check.key])}"
    if not isinstance(check.version, int) or isinstance(check.version, bool) or check.version < 1:
        yield "its version must be a whole number from 1"
    for name in WORDS:
        if not _is_said(getattr(check, name)):
            yield f"its {name} is no text, or empty"
    if check.evidence not in _kinds():
        yield f"there is no kind of evidence {check.evidence}; there are {', '.join(sorted(_kinds()))}"
    if check.kind not in get_args(Kind):
        yield f"it is asked of the kind {check.kind!r}, of which no dataset is; there are {', '.join(get_args(Kind))}"
    for name in TRUTHS:
        if not isinstance(getattr(check, name), bool):
            yield f"its {name} must be True or False"
    yield from _flaws_of_needs(check.needs)
    yield from _flaws_of_limits(check.limits)
    yield from _flaws_of_sentences(check.summaries)
    yield from _flaws_of_calls(check)


def _is_said(words: Any) -> bool:
    """Text, or text that is translated later: which language is spoken is not known yet when the register is made."""
    return isinstance(words, Promise) or (isinstance(words, str) and bool(words.strip()))


def _holder(check: Check) -> str:
    return f"the package {check.origin.package}" if check.origin else "Senim itself"


def _kinds() -> set[str]:
    from governance.obligations.edition import vocabularies

    return {f"check:{name}" for name in vocabularies()["checks"]}


def _flaws_of_needs(needs: Any) -> Iterator[str]:
    if not isinstance(needs, tuple):
        yield "its needs must be a tuple"
        return
    strange = [need for need in needs if need not in get_args(Need)]
    if strange:
        yield f"it needs {strange[0]!r}, which nobody can give; there are {', '.join(get_args(Need))}"


def _flaws_of_limits(limits: Any) -> Iterator[str]:
    if not isinstance(limits, tuple) or not all(isinstance(each, Limit) for each in limits):
        yield "its limits must be a tuple of Limit"
        return
    keys = [limit.key for limit in limits]
    if len(set(keys)) < len(keys):
        yield "two of its limits have the same key"
    for limit in limits:
        yield from _flaws_of_limit(limit)


def _flaws_of_limit(limit: Limit) -> Iterator[str]:
    name = f"its limit {limit.key!r}"
    if (
        not isinstance(limit.key, str)
        or not limit.key.isidentifier()
        or limit.key in ("every_days", "reason")
    ):
        yield f"{name} needs another key: a name, and neither every_days nor reason"
    if not _is_said(limit.title) or not _is_said(limit.explanation):
        yield f"{name} needs a title and an explanation of where it comes from"
    if limit.side not in SIDES:
        yield f"{name} has the side {limit.side!r}; there are at_least, at_most and none"
    if limit.choices and limit.default not in limit.choices:
        yield f"{name} has a default that is none of its choices"
    if not limit.choices and not _is_a_limit(limit.default):
        yield f"{name} needs a default that is a number from 0, or None"
    if limit.whole_from is not None and not _is_a_count(limit.whole_from):
        yield f"{name} needs a whole number from 0 as whole_from, or None"


def _is_a_limit(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (is_number and 0 <= value < float("inf"))


def _is_a_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _flaws_of_sentences(summaries: Any) -> Iterator[str]:
    if not isinstance(summaries, Mapping):
        yield "its summaries must be a mapping"
    elif missing := [key for key in ("not_applicable", "insufficient_data") if key not in summaries]:
        yield f"it has no sentence for {missing[0]}"
    elif silent := [key for key, words in summaries.items() if not _is_said(words)]:
        yield f"its sentence for {silent[0]} is empty"


def _flaws_of_calls(check: Check) -> Iterator[str]:
    for name, given in (("measure", 1), ("judgement", 2)):
        call = getattr(check, name)
        if not callable(call) or not _takes(call, given):
            yield f"its {name} must be a function of {given} argument{'s' if given > 1 else ''}"


def _takes(call: Callable[..., Any], given: int) -> bool:
    try:
        inspect.signature(call).bind(*range(given))
    except TypeError:
        return False
    return True


def tried(check: Check, result: Mapping[str, Any], limits: Limits) -> None:
    """Judge once where what breaks breaks alone, before the worker does. Raises Unsound, and whatever the judgement raises."""
    judged = check.judge(plain(result), limits)
    if not isinstance(judged, Judged) or judged.verdict not in get_args(Verdict):
        raise Unsound("its judgement gives no verdict that there is")
    if judged.summary_key not in check.summaries:
        raise Unsound(f"it has no sentence for {judged.summary_key}")
    for fact in judged.measurements:
        if not isinstance(fact, MeasurementFact) or fact.verdict not in get_args(FactVerdict):
            raise Unsound("one of its figures has no verdict that there is")
        if any(len(getattr(fact, name)) > most for name, most in LONGEST_FACT.items()):
            raise Unsound("one of its figures has a name that is too long")
