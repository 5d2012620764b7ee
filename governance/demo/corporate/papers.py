"""The bank's paper about its corporate default model, written from what training measured. Fictional, short."""

from __future__ import annotations

from typing import Any

from governance.demo.facts import Facts


def model_card(facts: Facts) -> str:
    parts = "\n".join(f"| {name} | {_quality(each)} |" for name, each in facts["parts"].items())
    luck = "; ".join(f"{each['later']['accuracy']:.2f}" for each in facts["sensitivity"])
    return f"""# Model card: corporate default, version 1

## Purpose
How likely a corporate borrower is to stay standard. The credit committee decides; the score is one of its papers.

## Data
{facts["data"]}, {sum(each["n"] for each in facts["parts"].values())} borrowers in three parts drawn at random with half of
each in default. The data have no dates, so "later" stands for the period after approval. No natural persons, no column about
people.

## Method
One XGBoost of {facts["settings"]["n_estimators"]} trees, depth {facts["settings"]["max_depth"]}, on {len(facts["features"])}
ratios and marks; the settings of the mortgage model, not tuned. Threshold {facts["threshold"]}.

## Quality
| part | borrowers | accuracy | AUC |
|---|---|---|---|
{parts}

The first line is measured on the rows that it was trained on and flatters it. Other draws give, later: {luck}.

## Limitations
Half of the sample is in default, which no real portfolio is: the score ranks borrowers, it is no probability of default.
The stress of the model starts from macro quarters that have left the range of 2010 to 2015 since the tenge floats.
"""


def _quality(measured: dict[str, Any]) -> str:
    return f"{measured['n']} | {measured['accuracy']:.3f} | {measured['auc']:.3f}"
