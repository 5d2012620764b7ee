"""Trains the bank's model of corporate default and writes it with its data periods and the macro quarters.

The model is the mortgage model's recipe, unchanged: one plain XGBoost, no random sampling, threshold 0.5.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.demo.corporate import macro
from governance.demo.corporate.borrowers import IDENTIFIER, LABEL, SEED, features_of, parts
from governance.demo.facts import write_facts
from governance.demo.mortgage.training import SETTINGS, THRESHOLD
from monitoring.engines.preload import quieten

if TYPE_CHECKING:
    import pandas as pd

OTHER_SEEDS = (1, 2, 3)


def main(folder: Path) -> dict[str, Any]:
    """Write v1.json, held-out.csv, later.csv, the macro periods and facts.json; return the facts."""
    quieten()
    folder.mkdir(parents=True, exist_ok=True)
    split = parts()
    model = _trained(split["training"])
    model.get_booster().save_model(folder / "v1.json")
    for name in ("held-out", "later"):
        split[name].to_csv(folder / f"{name}.csv", index=False)
    for name, rows in (("macro", macro.quarters()), ("tenge", macro.tenge())):
        for part, period in zip(("reference", "current"), macro.before_and_after(rows), strict=True):
            period.to_csv(folder / f"{name}-{part}.csv", date_format="%Y-%m-%d")
    facts = {
        "data": "ares-kz factorsKZ (asset quality review, 16 banks of Kazakhstan)",
        "features": features_of(split["training"]),
        "label": LABEL,
        "identifier": IDENTIFIER,
        "threshold": THRESHOLD,
        "settings": SETTINGS,
        "seed": SEED,
        "parts": {name: _measured(model, rows) for name, rows in split.items()},
        "sensitivity": [_other_split(seed) for seed in OTHER_SEEDS],
    }
    write_facts(facts, folder)
    return facts


def _trained(rows: pd.DataFrame) -> Any:
    from xgboost import XGBClassifier

    return XGBClassifier(**SETTINGS).fit(_inputs(rows), rows[LABEL])


def _inputs(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[features_of(rows)].astype(float)


def _measured(model: Any, rows: pd.DataFrame) -> dict[str, Any]:
    from sklearn.metrics import accuracy_score, roc_auc_score

    scores = model.predict_proba(_inputs(rows))[:, 1]
    return {
        "n": len(rows),
        "standard": float(rows[LABEL].mean()),
        "accuracy": float(accuracy_score(rows[LABEL], scores >= THRESHOLD)),
        "auc": float(roc_auc_score(rows[LABEL], scores)),
    }


def _other_split(seed: int) -> dict[str, Any]:
    """The same recipe on another draw of the parts: how much of the figures is luck."""
    split = parts(seed)
    model = _trained(split["training"])
    return {"seed": seed, **{name: _measured(model, split[name]) for name in ("held-out", "later")}}


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]))
