"""The rooms' models, for Django."""

from monitoring.arrivals.models import Arrival
from monitoring.baselines.models import Attribution, Baseline, Scan
from monitoring.blackouts.models import Blackout
from monitoring.data.models import Dataset, Window
from monitoring.decisions.models import Explained
from monitoring.declaring.models import Declared
from monitoring.evidently_reports.models import EvidentlyReport
from monitoring.labels.models import Labels
from monitoring.mlflow_link.models import Connector, Link, Seen
from monitoring.recomputing.models import Recomputation
from monitoring.refusals.models import RefusedFile
from monitoring.runs.models import Finding, Measurement, NotApplicable, Plan, Result, Run, RunLease
from monitoring.signers.models import CountingKey
from monitoring.sources.models import DataSource, Feed, Fetch
from monitoring.uploads.models import Upload

__all__ = [
    "Arrival",
    "Attribution",
    "Baseline",
    "Blackout",
    "Connector",
    "CountingKey",
    "DataSource",
    "Dataset",
    "Declared",
    "EvidentlyReport",
    "Explained",
    "Feed",
    "Fetch",
    "Finding",
    "Labels",
    "Link",
    "Measurement",
    "NotApplicable",
    "Plan",
    "Recomputation",
    "RefusedFile",
    "Result",
    "Run",
    "RunLease",
    "Scan",
    "Seen",
    "Upload",
    "Window",
]
