"""The forms of this room. A form checks shape; what it means together is judged by the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from governance.errors import RuleBroken
from governance.inventory import answers, papers
from governance.inventory.fields import field_of, initial, owners
from governance.inventory.kinds import GROUPS, KINDS, Group
from governance.inventory.models import AIModel
from governance.inventory.questions import TICKED, Section
from governance.inventory.reviewed import Review
from governance.inventory.sections import DECIDERS, QUESTIONS
from governance.inventory.ticking import TickList, said, ticked
from governance.people.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEVER_OPEN = ("name", "owner")


class RefusableForm(forms.Form):
    """A form that can show beside its fields what a service found wrong."""

    def refuse(self, refusal: RuleBroken) -> None:
        if not refusal.problems:
            self.add_error(None, str(refusal))
        for problem in refusal.problems:
            where = str(problem.where)
            if where in self.fields:
                self.add_error(where, str(problem.what))
            else:
                words = QUESTIONS[where].label if where in QUESTIONS else where
                self.add_error(None, f"{words}: {problem.what}")


class SectionForm(RefusableForm):
    """One section of the registration, with only those questions that the answers so far ask.

    A draft may leave any question open but the name. shown: what a reader has typed and not sent; it is displayed
    again, without a word about errors, with the questions that it opens.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        section: Section,
        model: AIModel,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self.may_stay_open = not model.is_registered
        typed = data if data is not None else shown
        stored = answers.graded(model)
        known = self.known = dict(stored)
        self.section = section
        for question in section.questions:
            if question.name in section.ticks:
                if question.name == section.ticks[0]:
                    self._offer_the_list(stored, typed)
                continue
            if not answers.is_asked(question, known):
                continue
            field = self.fields[question.name] = field_of(question, model)
            field.initial = (
                initial(question, stored[question.name]) if answers.is_asked(question, stored) else None
            )
            if typed is not None:
                raw = field.widget.value_from_datadict(typed, {}, question.name)
                field.initial = raw
                if question.name in DECIDERS:
                    known[question.name] = _read(field, raw)

    def _offer_the_list(self, stored: Mapping[str, Any], typed: Mapping[str, Any] | None) -> None:
        field = self.fields[TICKED] = TickList(self.section)
        field.initial = ticked(self.section, stored)
        if typed is not None:
            field.initial = field.widget.value_from_datadict(typed, {}, TICKED)
            self.known |= said(self.section, _read(field, field.initial) or [])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.may_stay_open:
            for name in [name for name, errors in self.errors.as_data().items() if only_required(errors)]:
                if name not in NEVER_OPEN:
                    del self.errors[name]
                    cleaned[name] = [] if name == TICKED else QUESTIONS[name].empty
        if TICKED in cleaned:
            cleaned |= said(self.section, cleaned.pop(TICKED))
        return cleaned


def only_required(errors: list[Any]) -> bool:
    return all(error.code == "required" for error in errors)


def _read(field: forms.Field, raw: object) -> Any:
    try:
        return field.clean(raw)
    except forms.ValidationError:
        return None


class WithdrawForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class HandOverForm(RefusableForm):
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("New owner"),
        empty_label=_("Choose a person"),
        help_text=_("A person with the role of model owner. The administrator gives this role."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("It stands in the register, and both people read it."),
    )

    def __init__(self, *args: Any, model: AIModel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = owners(model).exclude(pk=model.owner_id)


class VersionForm(RefusableForm):
    label = forms.CharField(
        label=_("Version"), max_length=40, help_text=_("As your team calls it, for example 2.1.0.")
    )
    artefact = forms.FileField(
        label=_("Artefact"),
        required=False,
        help_text=_("Leave empty for a model whose file you do not have, such as a vendor's."),
    )
    features = forms.CharField(
        label=_("Features, in order"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One in each line. Not needed where the artefact names them itself."),
    )
    decision_threshold = forms.FloatField(
        label=_("Decision threshold"),
        required=False,
        localize=True,
        help_text=_("The score from which the model decides “yes”."),
    )
    metrics = forms.CharField(
        label=_("Metrics stated by its maker"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One in each line, as “name = value”. They are recorded as a statement, not as a check."),
    )
    notes = forms.CharField(label=_("What changed"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_artefact(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["artefact"]
        if file and (file.size or 0) > settings.SENIM_LARGEST_UPLOAD:
            raise forms.ValidationError(_("The file is larger than 512 MB."))
        return file

    def clean_features(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["features"].splitlines() if line.strip()]

    def clean_metrics(self) -> dict[str, float | str]:
        stated: dict[str, float | str] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["metrics"].splitlines())):
            name, sign, value = (part.strip() for part in line.partition("="))
            if not (name and sign and value):
                raise forms.ValidationError(_("Write each metric in a line of its own, as “name = value”."))
            stated[name] = _number_or_text(value)
        return stated


def _number_or_text(value: str) -> float | str:
    try:
        return float(value.replace(",", "."))
    except ValueError:
        return value


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What fills a form that takes a file."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def day(label: StrOrPromise, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


class DocumentForm(RefusableForm):
    """A document, or the next revision of one."""

    title = forms.CharField(label=_("Title"), max_length=200)
    file = forms.FileField(label=_("File"))
    language = forms.ChoiceField(label=_("Language of the document"), choices=settings.LANGUAGES)
    effective_on: Any = day(
        _("Applies from"), help_text=_("The day from which the paper is in force, whenever it is handed in.")
    )
    valid_until: Any = day(
        _("Valid until"), required=False, help_text=_("Its last day. Leave empty if it has none.")
    )
    kinds = forms.MultipleChoiceField(
        label=pgettext_lazy("kinds of a document", "What it is"),
        choices=list(KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One paper may be several things at once. Tick every kind that it really is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = (get_language() or "kk")[:2]
        self.fields["effective_on"].initial = timezone.localdate
        self.fields["file"].help_text = _("Up to 25 MB: %(accepted)s.") % {
            "accepted": ", ".join(papers.ACCEPTED)
        }

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > papers.LARGEST:
            raise forms.ValidationError(_("The file is larger than 25 MB."))
        return file

    def groups(self) -> list[dict[str, Any]]:
        """The kinds as the page shows them: in groups, a group with a tick standing open."""
        boxes = {str(box.data["value"]): box for box in self["kinds"]}
        chosen = set(self["kinds"].value() or ())
        return [
            {
                "title": group.title,
                "boxes": [boxes[kind] for kind in group.kinds],
                "is_open": not chosen.isdisjoint(group.kinds),
            }
            for group in self.kind_groups
        ]

    @property
    def kind_groups(self) -> Sequence[Group]:
        """In the order in which the page offers them."""
        return GROUPS


class ReviewForm(RefusableForm):
    verdict = forms.ChoiceField(
        label=_("Your review"),
        choices=[(each.value, capfirst(each.label)) for each in (Review.ACCEPTED, Review.RETURNED)],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What you say to it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you return it: say what has to change."),
    )
