"""What is kept of data periods, so that runs share one pass over them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from governance.inventory.models import AIModel, ModelVersion
from governance.people.isolated import Isolated
from monitoring.data.models import Window


class Baseline(Isolated):
    """The frozen baseline of a reference: how its columns are cut and what lies where, as a document of a few kB a column.

    It belongs to its data period, which never changes, and so it never changes either; results name it by its digest.
    """

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="baselines")
    edition = models.PositiveSmallIntegerField()
    """Version of the document: another way to cut is another baseline."""
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    frozen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-frozen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "window", "edition"], name="a_reference_is_frozen_once"
            )
        ]


class Scan(Isolated):
    """What one pass over a current data period found over the cells of a baseline: every run of its model reads this instead."""

    recorded = False

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="scans")
    baseline = models.ForeignKey(Baseline, on_delete=models.PROTECT, related_name="scans")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    scanned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-scanned_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "window", "baseline"], name="a_window_is_scanned_once_over_a_baseline"
            )
        ]


class Attribution(Isolated):
    """What a version's answers rested on in a reference: every later explanation is held against this, and it never changes."""

    recorded = False

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="attributions")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    """SHA-256 of all that the figures depend on, releases of libraries among it (`engines.attributed.key_of`)."""
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "window", "version", "key"], name="an_attribution_is_kept_once"
            )
        ]
