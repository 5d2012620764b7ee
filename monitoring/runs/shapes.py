"""What the answers of the checks that run an artefact must look like. Who was asked about what is compared, not believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from monitoring.checks.check import Check, Inputs
from monitoring.sandbox.shape import (
    Shape,
    count,
    either,
    form,
    listed,
    maybe,
    named,
    number,
    one_of,
    row,
    same,
    text,
    truth,
)

ESTIMATE = form(value=maybe(number), low=maybe(number), high=maybe(number), n=count)
CONFUSION_CELLS = ("true_positives", "false_positives", "false_negatives", "true_negatives")
CONFUSION = form(n=count, **dict.fromkeys(CONFUSION_CELLS, count))
JUDGED = (
    "true_positive_rate",
    "false_positive_rate",
    "false_negative_rate",
    "true_negative_rate",
    "precision",
)
METHOD = named(either(text, number))
SCALAR = either(text, number)


def problem_of(check: Check, inputs: Inputs, answer: Mapping[str, Any]) -> str:
    """What is wrong with an answer, or "". A check without a shape may not run artefacts."""
    if "refused" in answer:
        return form(refused=text, params=named(either(SCALAR, listed(SCALAR))))(answer)
    if "not_applicable" in answer:
        missing = listed(one_of(*check.needs))
        return form(kind=same(check.key), check_version=same(check.version), not_applicable=missing)(answer)
    own = SHAPES[check.key](inputs) if check.key in SHAPES else {}
    return form(
        kind=same(check.key),
        check_version=same(check.version),
        method=METHOD,
        inputs=same(dict(inputs.digests)),
        libraries=named(text),
        **own,
    )(answer)


def _explanation(inputs: Inputs) -> dict[str, Shape]:
    feature = one_of(*inputs.features)
    importance = form(feature=feature, rank=count, mean_abs=ESTIMATE, share=number, sensitive=truth)
    return {
        "importances": listed(importance),
        "top": listed(feature),
        "base_value": number,
        "sensitive_share": ESTIMATE,
        "sensitive_inputs": listed(feature),
        "agreement": maybe(number),
        "additivity_error": number,
        "margin_scale": _positive,
        "rows": form(total=count, explained=count),
        "replicates": count,
        "engine": text,
        "seed": same(inputs.seed),
    }


def _positive(value: Any) -> str:
    return number(value) or ("" if value > 0 else "not above zero")


def _fairness(inputs: Inputs) -> dict[str, Shape]:
    rates = ("selection_rate", "accuracy", *JUDGED)
    group = form(
        group=maybe(text), n=count, status=text, confusion=CONFUSION, **dict.fromkeys(rates, ESTIMATE)
    )
    gap = form(
        value=maybe(number),
        low=maybe(number),
        high=maybe(number),
        n=count,
        rate=one_of(*rates),
        lowest=maybe(text),
        highest=maybe(text),
    )
    attribute = form(
        attribute=one_of(*inputs.sensitive),
        status=one_of("measured", "insufficient_data"),
        groups=listed(group),
        gaps=named(gap),
        against_largest=listed(
            form(group=maybe(text), largest=maybe(text), ratio=ESTIMATE, difference=ESTIMATE)
        ),
    )
    return {
        "seed": same(None),
        "rows": form(total=count, without_prediction=count, without_label=count),
        "attributes": listed(attribute),
        "overall": group,
        "counts": named(listed(row(maybe(text), maybe(truth), maybe(truth), count))),
        "favourable": same(inputs.favourable),
        "minimum_group": count,
        "source": same("artefact"),
        "threshold": maybe(number),
    }


def _performance(inputs: Inputs) -> dict[str, Shape]:
    estimates = dict.fromkeys(("accuracy", "auc", "brier", "gini", "ks"), maybe(ESTIMATE))
    shares = dict.fromkeys(("accuracy", "balanced_accuracy", *JUDGED), ESTIMATE)
    decisions = maybe(form(**shares, **dict.fromkeys(CONFUSION_CELLS, count)))
    counts = dict.fromkeys(("rows", "n", "events", "without_label", "without_answer"), count)
    period = form(base_rate=ESTIMATE, decisions=decisions, **estimates, **counts)
    return {
        "seed": same(None),
        "periods": form(reference=period, current=period),
        "falls": _falls,
        "sources": form(score=same("artefact"), decision=one_of("", "score", "column")),
        "threshold": maybe(number),
        "favourable": same(inputs.favourable),
    }


def _falls(value: Any) -> str:
    return named(ESTIMATE)(value) or ("" if set(value) <= {"accuracy", "auc", "brier"} else "unknown figure")


def _robustness(inputs: Inputs) -> dict[str, Shape]:
    flips = form(
        change=one_of("noise", "missing", "low", "high", "neighbour"),
        feature=one_of("", *inputs.features),
        status=one_of("measured", "refused", "nothing_to_change"),
        flipped=ESTIMATE,
    )
    return {
        "flips": listed(flips),
        "favoured": ESTIMATE,
        "quantiles": named(listed(maybe(number))),
        "noise_share": number,
        "step_share": number,
        "threshold": number,
        "rows": form(total=count, sampled=count),
        "seed": same(inputs.seed),
    }


SHAPES: dict[str, Callable[[Inputs], dict[str, Shape]]] = {
    "explanation": _explanation,
    "fairness": _fairness,
    "performance": _performance,
    "robustness": _robustness,
}
