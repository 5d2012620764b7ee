"""Pays the price of the science libraries once, in the parent of the checks workers."""

from __future__ import annotations

import importlib
import os

from monitoring.engines.versions import versions

MODULES = (
    "numpy",
    "pandas",
    "pyarrow.parquet",
    "pyarrow.csv",
    "duckdb",
    "scipy.stats",
    "sklearn.metrics",
    "evidently",
    "evidently.metrics",
    "fairlearn.metrics",
    "xgboost",
    "lightgbm",
    "shap",
    "monitoring.engines.drift",
    "monitoring.engines.explanation",
    "monitoring.engines.fairness",
    "monitoring.engines.frozen_baseline",
    "monitoring.engines.frozen_drift",
    "monitoring.engines.late_labels",
    "monitoring.engines.performance",
    "monitoring.engines.quality",
    "monitoring.engines.robustness",
    "monitoring.engines.scoring",
)
FOR_ARTEFACTS = (
    "numpy",
    "pandas",
    "pyarrow.parquet",
    "duckdb",
    "scipy.stats",
    "sklearn.metrics",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.pipeline",
    "fairlearn.metrics",
    "xgboost",
    "lightgbm",
    "skops.io",
    "shap",
    "monitoring.engines.artefacts",
    "monitoring.engines.explainers",
    "monitoring.engines.explanation",
    "monitoring.engines.fairness",
    "monitoring.engines.late_labels",
    "monitoring.engines.one_decision",
    "monitoring.engines.performance",
    "monitoring.engines.scoring",
    "monitoring.engines.skops_models",
)
"""What the process imports from which the sandbox is forked."""
QUIET = {
    "DO_NOT_TRACK": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""No telemetry from Evidently; one thread each, or the second core only spins in BLAS."""


def quieten() -> None:
    """Set what the libraries read at import; what the operator has set stays."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


def preload() -> None:
    """Import everything that a check needs. About ten seconds; call it once before forking. Raises CannotDisarm."""
    quieten()
    for module in MODULES:
        importlib.import_module(module)
    from monitoring.engines import evidently_html

    evidently_html.disarm()
    versions()
