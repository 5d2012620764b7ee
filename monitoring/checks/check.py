"""What every check is made of. Light: the web reads titles, limits and judgements, and measures nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Verdict = Literal["passed", "uncertain", "amber", "failed", "insufficient_data", "not_run"]
"""That a check does not apply to a model is for the second line to say (`runs/set_aside.py`), never for the check."""
FactVerdict = Literal["passed", "uncertain", "amber", "failed", "insufficient_data", "reported"]
Need = Literal[
    "reference",
    "current",
    "features",
    "artefact",
    "artefact_or_answer",
    "sensitive",
    "decision",
    "label",
    "answer",
    "threshold",
]
Kind = Literal["rows", "orders", "decisions"]
"""What the rows of a dataset are: the values of `monitoring/data/logs.py`."""
Limits = Mapping[str, Any]
Kinds = Mapping[str, str]
"""Columns that a plan may name: numeric, categorical, or "" where only the data say."""

RUNNABLE = ("xgboost_json", "xgboost_ubj", "lightgbm_text", "skops")
WORST_FIRST: tuple[Verdict, ...] = ("failed", "amber", "uncertain", "insufficient_data", "passed")


@dataclass(frozen=True)
class Limit:
    """One number, choice or text that a plan may set. side: what the measured number must be; None default = only reported."""

    key: str
    title: StrOrPromise
    default: float | str | None
    explanation: StrOrPromise
    side: Literal["at_least", "at_most", ""] = ""
    choices: tuple[str, ...] = ()
    words: Mapping[str, StrOrPromise] = field(default_factory=dict)
    """What people read instead of a choice."""
    flaws: Callable[[Limits, Kinds | None], Iterable[StrOrPromise]] | None = None
    """Of lines of text, or of a choice: what is wrong beside the plan's other limits, in words. kinds None = any dataset."""
    whole_from: int | None = None
    """Of a number that counts something: it must be whole, and at least this. None = any number from 0."""

    @property
    def is_text(self) -> bool:
        return self.flaws is not None and not self.choices

    def said(self, value: Any) -> Any:
        """A plan's value as people read it."""
        return self.words.get(value, value) if self.choices else value


@dataclass(frozen=True)
class MeasurementFact:
    """One measured number. subject: what it is about ("race", "race=white", a feature). low, high: 95 %.

    Of a gap that was picked from several pairs of groups: the intervals of all pairs together.
    """

    metric: str
    subject: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    limit: float | None
    verdict: FactVerdict


@dataclass(frozen=True)
class Judged:
    """A verdict with its facts, and the key and parameters of the sentence that says it."""

    verdict: Verdict
    measurements: list[MeasurementFact]
    summary_key: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """What a compute child gets. Paths are verified files; digests name them in the result.

    baseline, scan: what is kept of the reference and of the current window for the frozen baseline; None = not yet.
    attribution: what is kept of what the artefact's answers rested on in the reference; None = not yet, or made each time.
    keeps: give back what was not kept yet. counts: per sensitive attribute [group, label, prediction, n], made by the
    participant (mode 0).
    prediction, score: columns of a scored window (mode 1). artefact: a safe format to run (mode 2).
    weight: how much each row of the current data period counts, for the checks that weigh rows.
    labels: outcomes of the current data period that came later; its rows join them by `identifier`.
    allowed: per column its range {"low", "high"} or its {"values"}; population: per column the share of each group.
    log_columns, log_values: of a log, per role its column and per meaning its values. register: what a log is held against.
    """

    current: Path | None = None
    reference: Path | None = None
    baseline: Path | None = None
    scan: Path | None = None
    attribution: Path | None = None
    keeps: bool = False
    artefact: Path | None = None
    labels: Path | None = None
    artefact_format: str = ""
    features: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    label: str = ""
    prediction: str = ""
    score: str = ""
    time: str = ""
    identifier: str = ""
    weight: str = ""
    allowed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    population: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    log_columns: Mapping[str, str] = field(default_factory=dict)
    log_values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    register: Mapping[str, Any] = field(default_factory=dict)
    threshold: float | None = None
    sensitive: tuple[str, ...] = ()
    favourable: str = "1"
    high_score: str = ""
    counts: Mapping[str, list[list[Any]]] | None = None
    seed: int = 0
    digests: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=dict)
    progress: Callable[[int, str], None] = lambda percent, phase: None

    @property
    def roles(self) -> dict[str, str]:
        """Columns of the model itself, by role."""
        return {"score": self.score, "prediction": self.prediction, "label": self.label}

    @property
    def decides(self) -> bool:
        """Whether the artefact can be run here and its score has a threshold."""
        return self.scores_itself and self.threshold is not None

    @property
    def scores_itself(self) -> bool:
        """Whether the artefact can be run here, with or without a threshold."""
        return self.artefact is not None and self.artefact_format in RUNNABLE

    def lacks(self, need: Need) -> bool:
        """Whether a thing that a check needs was not given."""
        if need == "decision":
            scored = bool(self.score) and self.threshold is not None
            return not (self.counts or self.prediction or scored or self.decides)
        if need == "answer":
            return not (self.prediction or self.score or self.scores_itself)
        if need == "artefact_or_answer":
            return not (self.artefact or self.prediction or self.score)
        if need == "current":
            return self.current is None and not self.counts
        if need == "reference":
            return self.reference is None and self.baseline is None
        if need == "threshold":
            return self.threshold is None
        return not getattr(self, need)


def _as_measured(result: Mapping[str, Any], _former: Limits, _chosen: Limits) -> Mapping[str, Any] | None:
    """For checks whose figures rest on no limit."""
    return result


@dataclass(frozen=True)
class Origin:
    """The package that a check came in: the name of its entry point, the package and its version."""

    name: str
    package: str
    version: str


@dataclass(frozen=True)
class Check:
    """One question that can be asked of a model again and again, and how its answer is judged.

    origin: set by the register for a check of another package; None = one of ours.
    """

    key: str
    version: int
    title: StrOrPromise
    question: StrOrPromise
    how: StrOrPromise
    """How it is measured: by which library and method, over which rows, with which interval."""
    when_bad: StrOrPromise
    """What a bad answer means and does not mean, and what to do next."""
    unit: str
    evidence: str
    needs: tuple[Need, ...]
    limits: tuple[Limit, ...]
    summaries: Mapping[str, StrOrPromise]
    measure: Callable[[Inputs], dict[str, Any]]
    judgement: Callable[[Mapping[str, Any], Limits], Judged]
    retold: Callable[[Mapping[str, Any], Limits, Limits], Mapping[str, Any] | None] = _as_measured
    """The result as it would be under other limits, former and chosen; None where that needs the data again."""
    notes: Callable[[Limits], StrOrPromise] = lambda limits: ""
    """What the settings of a plan mean for the answer, in words."""
    opens: Callable[[Inputs], bool] = lambda inputs: False
    """Whether the artefact would be opened: then it is measured in the sandbox. Otherwise it gets no artefact at all."""
    reads_counts: bool = False
    """Whether it answers from a data period that is counts instead of rows."""
    kind: Kind = "rows"
    """What the rows of its dataset are: it is asked of no other kind."""
    takes_reference: bool = False
    """Whether it compares with a reference where there is one, and answers without."""
    reads_labels: bool = False
    """Whether outcomes that came later are part of its question, so that their arrival asks it."""
    origin: Origin | None = None

    @property
    def default_limits(self) -> dict[str, Any]:
        """The limits of a plan that sets none of its own."""
        return {limit.key: limit.default for limit in self.limits}

    def limits_of(self, chosen: Limits) -> dict[str, Any]:
        """The defaults with a plan's own limits over them; keys that are no limit of this check are dropped."""
        defaults = self.default_limits
        return defaults | {key: value for key, value in chosen.items() if key in defaults}

    def judge(self, result: Mapping[str, Any], limits: Limits) -> Judged:
        """The verdict on a result. Pure: the same result and limits always give the same answer."""
        if result.get("not_applicable"):
            missing = ", ".join(result["not_applicable"])
            return Judged("not_run", [], "not_applicable", {"missing": missing})
        return self.judgement(result, self.limits_of(limits))

    def judge_again(self, result: Mapping[str, Any], former: Limits, chosen: Limits) -> Judged | None:
        """The verdict that a result on file would have had under other limits than those it was measured under.

        None where the file cannot say, because the figures themselves would be others: that needs another run.
        """
        if result.get("not_applicable"):
            return self.judge(result, chosen)
        told = self.retold(result, self.limits_of(former), self.limits_of(chosen))
        return None if told is None else self.judge(told, chosen)


def against(
    side: Literal["at_least", "at_most"],
    limit: float | None,
    value: float | None,
    low: float | None,
    high: float | None,
) -> FactVerdict:
    """The point decides between passed and failed; a pass whose interval crosses the limit is uncertain."""
    if value is None:
        return "insufficient_data"
    if limit is None:
        return "reported"
    if value < limit if side == "at_least" else value > limit:
        return "failed"
    edge = low if side == "at_least" else high
    if edge is None or (edge < limit if side == "at_least" else edge > limit):
        return "uncertain"
    return "passed"


def worst(verdicts: list[FactVerdict]) -> Verdict:
    """The verdict of a whole from its judged parts; nothing judged at all is insufficient data, never a pass."""
    return next((verdict for verdict in WORST_FIRST if verdict in verdicts), "insufficient_data")
