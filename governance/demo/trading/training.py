"""Trains the broker's model of tomorrow's direction and scores its periods as they would have come.

The model is a logistic regression on eleven standardised features, the plainest there is. The years before approval
are scored by models that have not seen the year; the quarters after it by the model of all those years.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.demo.facts import write_facts
from governance.demo.trading.sp500 import DATE, FEATURES, LABEL, LONGEST_MEMORY, SCORE, days
from monitoring.engines.preload import quieten

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

YEARS = range(1999, 2007)
QUARTERS = tuple(f"{year}Q{quarter}" for year in (2007, 2008, 2009) for quarter in (1, 2, 3, 4))
DECIMALS = 6


def main(folder: Path) -> dict[str, Any]:
    """Write reference.csv, 2007Q1.csv … 2009Q4.csv and facts.json; return the facts."""
    quieten()
    folder.mkdir(parents=True, exist_ok=True)
    seen = days()
    before, after = seen.loc[: str(YEARS[-1])], seen.loc[str(YEARS[-1] + 1) :]
    model = _trained(before)
    reference = before.assign(**{SCORE: _out_of_sample(before)})
    walked = before.assign(**{SCORE: _walked_forward(before)}).dropna()
    scored = after.assign(**{SCORE: _scores(model, after)})
    by_quarter = dict(list(scored.groupby(scored.index.to_period("Q").astype(str))))
    for name, rows in {"reference": reference, **by_quarter}.items():
        rows.round(DECIMALS).to_csv(folder / f"{name}.csv", date_format="%Y-%m-%d")
    facts = {
        "data": "arch sp500 (Yahoo Finance, daily, 1999–2018)",
        "features": list(FEATURES),
        "label": LABEL,
        "score": SCORE,
        "time": DATE,
        "weights": _weights(model),
        "reference": _measured(reference),
        "walk_forward": {"years": f"{YEARS[2]}–{YEARS[-1]}", **_measured(walked)},
        "quarters": {quarter: _measured(by_quarter[quarter]) for quarter in QUARTERS},
    }
    write_facts(facts, folder)
    return facts


def _trained(rows: pd.DataFrame) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression())
    return model.fit(rows[list(FEATURES)], rows[LABEL])


def _scores(model: Any, rows: pd.DataFrame) -> np.ndarray:
    scores: np.ndarray = model.predict_proba(rows[list(FEATURES)])[:, 1]
    return scores


def _out_of_sample(rows: pd.DataFrame) -> pd.Series:
    """Each year scored by a model of all other years, without the days whose features reach over its edges."""
    import numpy as np
    import pandas as pd

    scores = pd.Series(np.nan, index=rows.index)
    for year in YEARS:
        places = np.flatnonzero(rows.index.year == year)
        near = slice(max(places[0] - LONGEST_MEMORY, 0), places[-1] + LONGEST_MEMORY + 1)
        model = _trained(rows.drop(rows.index[near]))
        scores.iloc[places] = _scores(model, rows.iloc[places])
    return scores


def _walked_forward(rows: pd.DataFrame) -> pd.Series:
    """Each year from the third on scored by a model of the years before it: the stricter way, for comparison."""
    import numpy as np
    import pandas as pd

    scores = pd.Series(np.nan, index=rows.index)
    for year in YEARS[2:]:
        model = _trained(rows.loc[: str(year - 1)])
        scores.loc[str(year)] = _scores(model, rows.loc[str(year)])
    return scores


def _measured(rows: pd.DataFrame) -> dict[str, Any]:
    from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

    label, score = rows[LABEL], rows[SCORE]
    return {
        "n": len(rows),
        "went_up": float(label.mean()),
        "accuracy": float(((score >= 0.5) == label).mean()),
        "auc": float(roc_auc_score(label, score)),
        "brier": float(brier_score_loss(label, score)),
        "log_loss": float(log_loss(label, score)),
        "volatility_20d": float(rows["volatility_20d"].mean()),
    }


def _weights(model: Any) -> dict[str, dict[str, float]]:
    """The whole model: mean, scale and coefficient of each feature, and the intercept."""
    scaler, line = model[0], model[1]
    columns = zip(FEATURES, scaler.mean_, scaler.scale_, line.coef_[0], strict=True)
    weights = {
        name: {"mean": float(mean), "scale": float(scale), "coefficient": float(weight)}
        for name, mean, scale, weight in columns
    }
    return {**weights, "intercept": {"mean": 0.0, "scale": 1.0, "coefficient": float(line.intercept_[0])}}


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]))
