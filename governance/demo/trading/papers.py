"""The broker's papers about its trading model, written from what training measured. Fictional, short."""

from __future__ import annotations

from typing import Any

from governance.demo.facts import Facts


def model_card(facts: Facts) -> str:
    """The whole model is in it: eleven weights and an intercept."""
    held_out, walked = facts["reference"], facts["walk_forward"]
    weights = "\n".join(_weight(name, each) for name, each in facts["weights"].items())
    return f"""# Model card: direction of the index, version 1

## Purpose
After each close: the probability that the S&P 500 closes higher on the next day. At 0.5 or more the portfolio is long.

## Data
{facts["data"]}, {held_out["n"]} trading days from March 1999 to December 2006. The opening price is not used: the vendor
repeats the previous close there on most days until 2005.

## Method
Logistic regression on standardised features, no choice of features, no tuned settings. The whole model:

| feature | mean | scale | weight |
|---|---|---|---|
{weights}

## Quality
| scored how | days | accuracy | AUC | Brier |
|---|---|---|---|---|
| each year by a model of the other years (without 60 days at its edges) | {_quality(held_out)} |
| {walked["years"]}, each year by a model of the years before it | {_quality(walked)} |

The second line is the stricter one, and there the edge over a coin is hardly there. It is small in both.

## Limitations
Learnt in years whose 20-day volatility was {100 * held_out["volatility_20d"]:.0f} % on average. In a market that moves
more than it has seen, its probabilities move farther from one half than its record allows.

## Not to be used for
Advice to clients; single shares; orders within the day.
"""


def limits_and_control() -> str:
    return """# Trading limits, oversight and stop

1. One order a day, at most 2 % of the firm's own portfolio, checked outside the model by the order system.
2. The trader on duty may cancel any order; the risk manager stops the model within a minute.
3. Checks of drift and performance run for each quarter; the second line sets their limits and looks at findings.
4. Red drift together with a failed performance check: the committee suspends first and asks afterwards.
5. Only the committee lifts a suspension, and only on figures of a whole quarter.
"""


def risk_file() -> str:
    return """# Risk file: direction of the index

| risk | cause | treatment | residual |
|---|---|---|---|
| the market leaves what was learnt | crisis | drift by quarter against the reference's own quarters | high |
| the edge was luck | a small effect in eight years | performance by quarter, limit of size | medium |
| orders in one direction with others | the same signals elsewhere | size limit; herding is watched by the supervisor | low |
| wrong prices | vendor | checks at intake, second source at the desk | low |

Reviewed by risk management; next review within a year.
"""


def _weight(name: str, each: dict[str, Any]) -> str:
    return f"| {name} | {each['mean']:.5f} | {each['scale']:.5f} | {each['coefficient']:+.4f} |"


def _quality(measured: dict[str, Any]) -> str:
    return f"{measured['n']} | {measured['accuracy']:.3f} | {measured['auc']:.3f} | {measured['brier']:.3f}"
