"""Data of a model: what its columns mean, and the immutable windows handed in."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.people.isolated import IsolatedQuerySet, Record
from monitoring.data import acceptance, declared, logs
from monitoring.data.acceptance import Acceptable, Acceptance
from monitoring.data.ended import ENDED, Ended
from monitoring.data.logs import Kind
from monitoring.engines.direction import AGAINST, FOR
from monitoring.shielding.columns import CONSTRAINTS, Retained, Shielded
from monitoring.signers.models import CountingKey


class Part(models.TextChoices):
    REFERENCE = "reference", _("reference")
    CURRENT = "current", _("current")


class MadeOf(models.TextChoices):
    """What a data period is: rows of people, or only how many of them there are."""

    ROWS = "rows", _("rows")
    COUNTS = "counts", _("counts of rows")


class HighScore(models.TextChoices):
    FAVOURABLE = FOR, _("the favourable outcome")
    UNFAVOURABLE = AGAINST, _("the other outcome, as a default")


class DatasetQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def newest(self) -> Self:
        """The last version of each name: the one that stands, or the one that was retired."""
        return self.filter(successor=None)


class Dataset(Shielded, Ended, Record):
    """The roles of the columns. A column that is not named here is ignored by every check.

    A description is not edited: a corrected one is the next `version` of the same name and names in `replaces` the one whose
    place it takes, which stays with its data periods and what was measured by it. A retired one has no successor.
    """

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="datasets")
    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="successor"
    )
    kind = models.CharField(_("kind of data"), max_length=12, choices=Kind, default=Kind.ROWS)
    features = models.JSONField(_("features"), default=list)
    categorical = models.JSONField(_("features that are categories"), default=list, blank=True)
    sensitive = models.JSONField(_("sensitive columns"), default=list, blank=True)
    favourable = models.CharField(_("value of the favourable outcome"), max_length=40, default="1")
    high_score = models.CharField(
        _("outcome for which a high score speaks"), max_length=12, choices=HighScore, blank=True
    )
    """"" = the favourable value tells it (`engines/direction.py`)."""
    label = models.CharField(_("column of the true outcome"), max_length=120, blank=True)
    prediction = models.CharField(_("column of the decision"), max_length=120, blank=True)
    score = models.CharField(_("column of the score"), max_length=120, blank=True)
    identifier = models.CharField(_("column that identifies a row"), max_length=120, blank=True)
    time = models.CharField(_("column of the time"), max_length=120, blank=True)
    weight = models.CharField(_("column of the weight"), max_length=120, blank=True)
    """How much a row counts where rows are compared by group; every other check counts each row once."""
    allowed = models.JSONField(_("allowed values"), default=dict, blank=True)
    """Per column {"low", "high"} or {"values": […]}; a column that is not named is held against the reference."""
    population = models.JSONField(_("population that it should represent"), default=dict, blank=True)
    """Per column the share of each group."""
    log_columns = models.JSONField(_("columns of the log"), default=dict, blank=True)
    """Of a log, per role the name of its column (`logs.py`)."""
    log_values = models.JSONField(_("what the values of the log stand for"), default=dict, blank=True)
    """Of a log, per meaning the values that stand for it."""
    expected_every_days = models.PositiveIntegerField(
        _("a data period is expected every, days"), null=True, blank=True
    )
    described_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "name"],
                condition=Q(ended_at=None),
                name="one_dataset_of_a_name_stands_in_its_model",
            ),
            models.UniqueConstraint(
                fields=["organisation", "model", "name", "version"],
                name="dataset_version_is_unique_in_its_name",
            ),
            models.CheckConstraint(
                condition=Q(version=1, replaces=None) | Q(version__gt=1, replaces__isnull=False),
                name="a_later_version_of_a_dataset_replaces_one",
            ),
            *ENDED,
            models.CheckConstraint(
                condition=Q(expected_every_days=None) | Q(expected_every_days__gte=1),
                name="dataset_is_expected_at_least_daily",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.ROWS, log_columns={}, log_values={})
                | (~Q(kind=Kind.ROWS) & ~Q(log_columns={}) & ~Q(log_values={})),
                name="a_log_names_its_columns_and_values",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name, with the number of the version where it is not the first."""
        if self.version == 1:
            return self.name
        return str(_("%(name)s, version %(version)s")) % {"name": self.name, "version": self.version}

    @property
    def allowed_lines(self) -> list[str]:
        return declared.written(self.allowed)

    @property
    def population_lines(self) -> list[str]:
        return declared.written(self.population)

    @property
    def is_log(self) -> bool:
        return self.kind != Kind.ROWS

    @property
    def log_lines(self) -> list[str]:
        return logs.written(self.log_columns)

    @property
    def log_value_lines(self) -> list[str]:
        return logs.written(self.log_values)

    @property
    def number_columns(self) -> list[str]:
        numeric = [name for name in self.features if name not in self.categorical]
        return [
            *numeric,
            *filter(None, [self.score, self.weight]),
            *logs.numbers_of(self.kind, self.log_columns),
        ]

    @property
    def text_columns(self) -> list[str]:
        """Of a log all names, as they are written."""
        named = [*self.log_columns.values(), self.identifier] if self.is_log else []
        return [name for name in named if name and name not in self.number_columns]

    @property
    def columns_of_people(self) -> tuple[str, ...]:
        """Who took part in a decision, whatever the column is called: a pseudonym or a role stands there, and no name."""
        operator = self.log_columns.get("operator") if self.is_log else None
        return (operator,) if operator else ()

    @property
    def counted_groups(self) -> list[str]:
        """Sensitive columns of which a document of counts tells: decisions are compared, and counts know no weights."""
        return self.sensitive if self.prediction and not self.weight else []

    @property
    def own_columns(self) -> dict[str, str]:
        """Columns of the model itself, by role."""
        return {"score": self.score, "prediction": self.prediction, "label": self.label}

    @property
    def required_columns(self) -> list[str]:
        results = [self.label, self.prediction, self.score]
        named = [*self.features, *self.sensitive, *results, self.identifier, self.time, self.weight]
        named += self.log_columns.values()
        return list(dict.fromkeys(column for column in named if column))

    def needed_columns(self, part: str) -> list[str]:
        """Of a data period; the outcome may come later where rows can be told apart by the number of the case."""
        may_wait = part == Part.CURRENT and self.identifier and self.label != self.prediction
        return [each for each in self.required_columns if not (may_wait and each == self.label)]


class WindowQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def to_accept(self) -> Self:
        """References that wait for the second line."""
        return self.filter(acceptance=Acceptance.WAITING, withdrawn_at=None, dataset__ended_at=None)


class Window(Acceptable, Retained, Record):
    """A period of data as canonical Parquet, or as a document of counts, known by its SHA-256; it never changes.

    A wrong one is withdrawn with a reason and stays on file; the one handed in in its place names it in `corrects`. Rows
    that must not be kept for ever are erased (`Retained`); the digest stays. A newer reference waits first (`Acceptable`).
    """

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="windows")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="windows")
    name = models.CharField(_("name"), max_length=80)
    part = models.CharField(_("part"), max_length=12, choices=Part)
    made_of = models.CharField(_("made of"), max_length=8, choices=MadeOf, default=MadeOf.ROWS)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    rows = models.BigIntegerField()
    columns = models.JSONField()
    source_name = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    counted_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    """Of counts, the digest of what was counted at the firm, as the document says; "" of rows."""
    signature = models.CharField(max_length=88, blank=True, editable=False)
    signed_with = models.ForeignKey(
        CountingKey, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="corrections"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    withdrawn_reason = models.TextField(_("reason for the withdrawal"), blank=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "dataset", "name"],
                condition=Q(withdrawn_at=None),
                name="standing_window_name_is_unique_in_its_dataset",
            ),
            models.UniqueConstraint(fields=["organisation", "corrects"], name="window_is_corrected_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="withdrawn_window_says_why"
            ),
            models.CheckConstraint(
                condition=Q(signature="", signed_with=None)
                | (~Q(signature="") & Q(signed_with__isnull=False)),
                name="window_is_signed_with_a_key",
            ),
            models.CheckConstraint(condition=Q(rows__gt=0), name="window_has_rows"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="window_does_not_end_before_it_starts",
            ),
            *CONSTRAINTS,
            *acceptance.CONSTRAINTS,
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def made_from(self) -> str:
        """The digest of the file of rows that it was made of: uploaded here, or counted at the firm."""
        return self.counted_sha256 if self.made_of == MadeOf.COUNTS else self.source_sha256

    @property
    def awaits_acceptance(self) -> bool:
        return self.acceptance == Acceptance.WAITING and self.withdrawn_at is None
