"""The forms of this room. A form checks shape; what it means together is judged by the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.inventory.forms import RefusableForm
from monitoring.data import declared, logs
from monitoring.data.acceptance import Acceptance
from monitoring.data.logs import Kind
from monitoring.data.models import HighScore, Part
from monitoring.data.roles import MOST_DAYS
from monitoring.shielding.columns import Pseudonyms
from monitoring.shielding.forms import GroundsForm, ProtectionForm


class Names(forms.CharField):
    """Names of columns, one a line or separated by commas."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value)).replace(",", "\n")
        return [name.strip() for name in text.splitlines() if name.strip()]


class Lines(forms.CharField):
    """What is declared of single columns, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def __init__(self, *, reads: Callable[[str], dict[str, Any]], **more: Any) -> None:
        super().__init__(required=False, **more)
        self.reads = reads

    def clean(self, value: Any) -> dict[str, Any]:
        try:
            return self.reads(str(super().clean(value)))
        except declared.Misread as misread:
            what = _("Line %(line)s is not understood. Write it like the example.")
            raise forms.ValidationError(what % {"line": misread.line}) from misread


class DatasetForm(ProtectionForm):
    """What the columns of a model's data mean, and how its rows are protected."""

    field_order: tuple[str, ...] = (
        *("name", "features", "categorical", "sensitive", "prediction", "score", "label", "favourable"),
        "high_score",
        *("identifier", "pseudonyms", "pseudonym_keeper", "time", "weight", "expected_every_days", "allowed"),
        "population",
    )

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("For example: applications, branch network.")
    )
    kind = forms.ChoiceField(
        label=_("What a row is"),
        choices=Kind.choices,
        initial=Kind.ROWS,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "A log has no features and no outcomes: fill in its own columns at the end of this form."
        ),
    )
    features = Names(
        label=_("Features"),
        required=False,
        help_text=_("Columns that the model reads, one a line or separated by commas."),
    )
    categorical = Names(
        label=_("Features that are categories"),
        required=False,
        help_text=_("Those of the features that are no numbers. All others must hold numbers in every row."),
    )
    sensitive = Names(
        label=_("Sensitive columns"),
        required=False,
        help_text=_(
            "Groups between which the decisions are compared: sex, age group, region. The model need not read them."
        ),
    )
    prediction = forms.CharField(
        label=_("Column of the decision"),
        required=False,
        max_length=120,
        help_text=_(
            "What the model decided. Not needed when the version has an artefact, which is then run."
        ),
    )
    score = forms.CharField(
        label=_("Column of the score"),
        required=False,
        max_length=120,
        help_text=_("A number that becomes a decision at the threshold of the version."),
    )
    label = forms.CharField(
        label=_("Column of the true outcome"),
        required=False,
        max_length=120,
        help_text=_("What happened afterwards, where it is known."),
    )
    favourable = forms.CharField(
        label=_("Value of the favourable outcome"),
        max_length=40,
        initial="1",
        help_text=_(
            "The value that is good for the person: 1, approved. With 0 the decision below the threshold is the good one."
        ),
    )
    high_score = forms.ChoiceField(
        label=_("For which outcome a high score speaks"),
        choices=[("", _("as the favourable value tells")), *HighScore.choices],
        required=False,
        help_text=_(
            "1 and true tell that it speaks for that outcome, 0 and false that it speaks against it. With a word or another "
            "number it has to be said, else thresholds could be read upside down."
        ),
    )
    identifier = forms.CharField(
        label=_("Column that identifies a row"),
        required=False,
        max_length=120,
        help_text=_("A number of the case. Never a name, a document number or an IIN."),
    )
    pseudonyms = forms.ChoiceField(
        label=_("How identifiers are made"),
        choices=Pseudonyms.choices,
        initial=Pseudonyms.HMAC,
        required=False,
        help_text=_(
            "Asked of rows that are personal data or a bank secret: an identifier of another form is refused."
        ),
    )
    pseudonym_keeper = forms.CharField(
        label=_("Who keeps the key or the table"),
        required=False,
        max_length=300,
        help_text=_(
            "A unit or an office, and when the key is changed: with another key later outcomes do not join. Never the key itself."
        ),
    )
    time = forms.CharField(
        label=_("Column of the time"),
        required=False,
        max_length=120,
        help_text=_(
            "A date or a date with a time in every row, as 2026-11-22. With it the data period knows its own dates, and "
            "the limits of drift can come from the reference's own quarters."
        ),
    )
    weight = forms.CharField(
        label=_("Column of the weight"),
        required=False,
        max_length=120,
        help_text=_(
            "How much a row counts, where the data are a sample with weights: a number, 0 or above, in every row. Fairness "
            "weighs the rows by it; other checks count each row once."
        ),
    )
    expected_every_days = forms.IntegerField(
        label=_("A data period is expected every, days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("When it does not arrive, that becomes a finding. Empty: it is not waited for."),
    )
    allowed = Lines(
        label=_("Allowed values"),
        reads=declared.allowed_of,
        help_text=_(
            "A range or the values of a column, one column a line. For example: age: 18 .. 100, or region: north, south. A "
            "column that is not named is held against the reference."
        ),
    )
    population = Lines(
        label=_("Population that the data should represent"),
        reads=declared.population_of,
        help_text=_("Shares of the groups, one column a line. For example: sex: male 0.49, female 0.51."),
    )
    log_columns = Lines(
        label=_("Columns of the log"),
        reads=logs.columns_of,
        help_text=_(
            "Only of a log, one a line. Of an order log event, algorithm, order, quantity, price; where there are any side, "
            "instrument, collar (reference price), gain. Of a decision log version, input, output, action, operator; sequence. "
            "For example: event: MSG_TYPE."
        ),
    )
    log_values = Lines(
        label=_("What the values of the log stand for"),
        reads=logs.values_of,
        help_text=_(
            "Only of a log, one a line. Events of an order log: order, change, cancel, trade, kill (kill switch), start "
            "(switched on again), other; buy: the values of the side. Of a decision log: override, unattended (no person took "
            "part). For example: cancel: CXL, EXPIRED."
        ),
    )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Kind.ROWS


class WindowForm(GroundsForm):
    """A data period as a file."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For example: October 2026."))
    part = forms.ChoiceField(
        label=_("What is it for"),
        choices=[
            (Part.REFERENCE, _("Reference: the data on which the model was approved")),
            (Part.CURRENT, _("Current: what the model meets now")),
        ],
        widget=forms.RadioSelect,
        initial=Part.CURRENT,
        help_text=_("A reference after the first one counts once the second line has accepted it."),
    )
    starts_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV in UTF-8 with the column names in the first row, Parquet, or a document of counts (JSON) made by senim count."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.parquet,.pq,.json"}),
    )


class CorrectionForm(GroundsForm):
    """The right file in place of a wrong one."""

    reason = forms.CharField(
        label=_("What was wrong"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors read it. It stays beside the withdrawn data period."),
    )
    starts_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=_("The right file"),
        help_text=_(
            "CSV in UTF-8 with the column names in the first row, Parquet, or a document of counts (JSON) made by senim count."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.parquet,.pq,.json"}),
    )


class AcceptanceForm(RefusableForm):
    """Whether a newer reference counts, and why."""

    verdict = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (Acceptance.ACCEPTED, _("Accept: the checks may compare with it")),
            (Acceptance.DECLINED, _("Decline: it stays on file and no check uses it")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Auditors read it, with your name and the date."),
    )


class WithdrawalForm(RefusableForm):
    """Why a data period no longer counts."""

    reason = forms.CharField(
        label=_("Why is it withdrawn"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors read it. It stays beside the withdrawn data period."),
    )
