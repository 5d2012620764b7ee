"""The rooms' models, for Django."""

from monitoring.data.models import Dataset, Window
from monitoring.mlflow_link.models import Connector, Link, Seen
from monitoring.runs.models import Finding, Measurement, NotApplicable, Plan, Result, Run, RunLease
from monitoring.signers.models import CountingKey

__all__ = [
    "Connector",
    "CountingKey",
    "Dataset",
    "Finding",
    "Link",
    "Measurement",
    "NotApplicable",
    "Plan",
    "Result",
    "Run",
    "RunLease",
    "Seen",
    "Window",
]
