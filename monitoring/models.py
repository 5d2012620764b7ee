"""The rooms' models, for Django."""

from monitoring.data.models import Dataset, Window
from monitoring.decisions.models import Explained
from monitoring.declaring.models import Declared
from monitoring.labels.models import Labels
from monitoring.mlflow_link.models import Connector, Link, Seen
from monitoring.recomputing.models import Recomputation
from monitoring.runs.models import Finding, Measurement, NotApplicable, Plan, Result, Run, RunLease
from monitoring.signers.models import CountingKey

__all__ = [
    "Connector",
    "CountingKey",
    "Dataset",
    "Declared",
    "Explained",
    "Finding",
    "Labels",
    "Link",
    "Measurement",
    "NotApplicable",
    "Plan",
    "Recomputation",
    "Result",
    "Run",
    "RunLease",
    "Seen",
    "Window",
]
