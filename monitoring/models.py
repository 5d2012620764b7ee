"""The rooms' models, for Django."""

from monitoring.arrivals.models import Arrival
from monitoring.blackouts.models import Blackout
from monitoring.data.models import Dataset, Window
from monitoring.declaring.models import Declared
from monitoring.mlflow_link.models import Connector, Link, Seen
from monitoring.recomputing.models import Recomputation
from monitoring.runs.models import Finding, Measurement, NotApplicable, Plan, Result, Run, RunLease
from monitoring.signers.models import CountingKey

__all__ = [
    "Arrival",
    "Blackout",
    "Connector",
    "CountingKey",
    "Dataset",
    "Declared",
    "Finding",
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
