"""The web, beat and the default worker read plans, limits and results without a science library."""

from __future__ import annotations

import subprocess
import sys

SCIENCE = (
    "evidently", "fairlearn", "shap", "mlflow", "duckdb", "sklearn", "pandas", "xgboost", "lightgbm",
    "onnxruntime", "skops", "numpy", "scipy", "pyarrow",
)  # fmt: skip
LIGHT = """
import django, sys
django.setup()
import monitoring.data.api, monitoring.data.views, monitoring.data.services
import monitoring.runs.api, monitoring.runs.tasks, monitoring.runs.views
sys.exit(",".join(sorted(set(sys.argv[1:]) & set(sys.modules))) or 0)
"""


def test_the_rooms_of_monitoring_import_no_science():
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, *SCIENCE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
