"""The bank's CI: trains a model, logs and registers it with MLflow's own client, and moves an alias when it is told to.

    python -m governance.demo.mlflow.ci <server> <registered model> <folder with reference.csv and facts.json>

It says one line of JSON for the version that it registered. Then each line `<alias> <version>` on standard input moves
an alias, and is answered by `done`. It knows nothing of Senim.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.demo.facts import facts_of

if TYPE_CHECKING:
    import pandas as pd

ROUNDS = 60
PARAMS: dict[str, Any] = {"objective": "binary:logistic", "max_depth": 3, "eta": 0.1, "nthread": 1, "seed": 0}
THRESHOLD = 0.5


def main(server: str, name: str, material: Path) -> None:
    from mlflow import MlflowClient

    os.environ["MLFLOW_TRACKING_URI"] = server
    say(registered(name, material))
    client = MlflowClient(tracking_uri=server)
    for line in sys.stdin:
        alias, version = line.split()
        client.set_registered_model_alias(name, alias, version)
        say({"done": line.strip()})


def registered(name: str, material: Path) -> dict[str, str]:
    """Log a run with its parameters, metrics and model, and register that as the next version."""
    import mlflow
    import mlflow.xgboost
    import pandas as pd
    import xgboost
    from mlflow.models import infer_signature

    facts = facts_of(material)
    rows = pd.read_csv(material / "reference.csv")
    inputs = rows[list(facts["features"])].astype(float)
    booster = xgboost.train(PARAMS, xgboost.DMatrix(inputs, rows[facts["label"]]), ROUNDS)
    scores = booster.predict(xgboost.DMatrix(inputs))
    mlflow.set_experiment(name)
    with mlflow.start_run() as run:
        mlflow.log_params({**PARAMS, "rounds": ROUNDS, "decision_threshold": THRESHOLD})
        mlflow.log_metrics(_measured(rows[facts["label"]], scores))
        logged = mlflow.xgboost.log_model(
            booster,
            name="model",
            model_format="json",
            signature=infer_signature(inputs, scores),
            registered_model_name=name,
            pip_requirements=[f"xgboost=={xgboost.__version__}"],
            tags={"commit": "4f2c1e9"},
        )
    return {
        "run": run.info.run_id,
        "version": str(logged.registered_model_version),
        "source": logged.model_uri,
    }


def _measured(label: pd.Series[Any], scores: Any) -> dict[str, float]:
    """Accuracy, and the area under the curve by its ranks, on the rows it was trained on."""
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    positive = (label == 1).to_numpy()
    ones, others = int(positive.sum()), int((~positive).sum())
    auc = (ranks[positive].sum() - ones * (ones + 1) / 2) / (ones * others)
    return {"accuracy": float(((scores >= THRESHOLD) == positive).mean()), "auc": float(auc)}


def say(told: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
