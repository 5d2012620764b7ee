"""The rooms' models, for Django."""

from monitoring.data.models import Dataset, Window
from monitoring.runs.models import Finding, Measurement, Plan, Result, Run, RunLease

__all__ = ["Dataset", "Finding", "Measurement", "Plan", "Result", "Run", "RunLease", "Window"]
