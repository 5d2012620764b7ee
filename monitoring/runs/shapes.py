"""What the answers of the checks that run an artefact must look like. Who was asked about what is compared, not believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

from monitoring.checks import CHECKS
from monitoring.checks.check import Check, Inputs
from monitoring.engines.association import MEASURES
from monitoring.engines.attributed import SAMPLE, flaw_of
from monitoring.engines.counts import CROSS
from monitoring.engines.swarm import FEATURES, ROWS
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
FALLS = ("accuracy", "auc", "gini", "ks", "precision", "true_positive_rate", "balanced_accuracy")
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
        "proxies": maybe(_proxies(inputs, feature)),
        "agreement": maybe(number),
        "rank_error": form(change=ESTIMATE, top=count),
        "swarm": _at_most(FEATURES, form(feature=feature, points=_at_most(ROWS, row(number, maybe(_place))))),
        "stability": form(status=one_of("measured", "not_supported"), agreement=ESTIMATE, rankings=count),
        "moved": maybe(
            form(
                distance=ESTIMATE, ndcg=ESTIMATE, top_kept=number, top=count, left=listed(feature), rows=count
            )
        ),
        "fidelity": same(None),
        "additivity_error": number,
        "margin_scale": _positive,
        "rows": form(total=count, explained=count),
        "replicates": count,
        "engine": text,
        "seed": same(inputs.seed),
        **({"kept": form(attribution=maybe(_attributed(len(inputs.features))))} if inputs.keeps else {}),
    }


def _proxies(inputs: Inputs, feature: Shape) -> Shape:
    attribute = one_of(*inputs.sensitive)
    found = form(
        feature=feature,
        attribute=attribute,
        measure=one_of(*MEASURES),
        association=ESTIMATE,
        share=number,
        stands_in=truth,
    )
    least = CHECKS["explanation"].limits_of(inputs.limits)["proxy_association"]
    return form(
        attributes=listed(attribute),
        untold=listed(attribute),
        features=count,
        least=same(least),
        found=listed(found),
        share=ESTIMATE,
    )


def _attributed(features: int) -> Shape:
    """What is kept of a reference: later answers are held against it."""
    return form(figures=lambda value: flaw_of(value, features), rows=_explained)


def _explained(value: Any) -> str:
    return count(value) or ("" if 0 < value <= SAMPLE else "not so many rows")


def _at_most(most: int, shape: Shape) -> Shape:
    return lambda value: listed(shape)(value) or ("" if len(value) <= most else "too many")


def _place(value: Any) -> str:
    return number(value) or ("" if 0 <= value <= 1 else "no place between 0 and 1")


def _positive(value: Any) -> str:
    return number(value) or ("" if value > 0 else "not above zero")


def _fairness(inputs: Inputs) -> dict[str, Shape]:
    rates = ("selection_rate", "accuracy", *JUDGED)
    group = form(
        group=maybe(text), n=count, status=text, confusion=CONFUSION, **dict.fromkeys(rates, ESTIMATE)
    )
    numbers = dict.fromkeys(("value", "low", "high"), maybe(number))
    pair = {**numbers, "n": count, "lowest": maybe(text), "highest": maybe(text)}
    gap = form(**pair, rate=one_of(*rates), pairs=count, shown=maybe(form(**pair)))
    tested = form(
        test=one_of("fisher", "z"),
        p_value=number,
        pairs=count,
        n=count,
        lowest=maybe(text),
        highest=maybe(text),
    )
    pairs = [CROSS.join(pair) for pair in combinations(inputs.sensitive, 2)]
    attribute = form(
        attribute=one_of(*inputs.sensitive, *pairs),
        tests=named(tested),
        status=one_of("measured", "insufficient_data"),
        groups=listed(group),
        gaps=named(gap),
        against_largest=listed(
            form(group=maybe(text), largest=maybe(text), ratio=ESTIMATE, difference=ESTIMATE)
        ),
    )
    sums = [number, number] if inputs.weight else []
    cells = named(listed(row(maybe(text), maybe(truth), maybe(truth), count, *sums)))
    weights = form(column=same(inputs.weight), effective=count) if inputs.weight else same(None)
    return {
        "seed": same(None),
        "rows": form(total=count, without_prediction=count, without_label=count),
        "attributes": listed(attribute),
        "crossed": listed(attribute),
        "crossed_counts": cells,
        "overall": group,
        "counts": cells,
        "weights": weights,
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
    reliability = form(predicted=number, observed=ESTIMATE)
    calibration = maybe(form(error=ESTIMATE, slope=ESTIMATE, intercept=ESTIMATE, bins=listed(reliability)))
    period = form(base_rate=ESTIMATE, decisions=decisions, calibration=calibration, **estimates, **counts)
    return {
        "seed": same(None),
        "periods": form(reference=period, current=period),
        "falls": _falls,
        "sources": form(score=same("artefact"), decision=one_of("", "score", "column")),
        "threshold": maybe(number),
        "favourable": same(inputs.favourable),
    }


def _falls(value: Any) -> str:
    return named(ESTIMATE)(value) or ("" if set(value) <= {*FALLS, "brier", "ece"} else "unknown figure")


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
