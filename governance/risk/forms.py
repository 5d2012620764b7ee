"""The questionnaire as a form: one question, one choice, and only those questions that the answers so far ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language

from governance.errors import RuleBroken
from governance.risk import questionnaire, rules
from governance.risk.questions import Question, Text


@dataclass(frozen=True)
class Asked:
    """A field with the article that its question comes from, and whether the question is our reading of it."""

    field: forms.BoundField
    article: str
    is_ours: bool


class Citation(forms.CharField):
    """A law named in words. Left empty it is refused by the service, at the answer that makes it necessary."""

    def validate(self, value: Any) -> None:
        """Nothing to judge here."""


class GradeForm(forms.Form):
    """Questions of the current edition, in the reader's language.

    shown: what a reader has answered and not sent; it is displayed again with the questions that it opens.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        given = initial or {} if shown is None else shown
        super().__init__(data, initial=dict(given.items()))
        self.edition = questionnaire.load()
        counted = data if data is not None else given
        for question in rules.asked({key: counted.get(key) for key in counted}, self.edition):
            self.fields[question.id] = self._field(question)

    def _field(self, question: Question) -> forms.Field:
        said: dict[str, Any] = {"label": _spoken(question.title), "help_text": _spoken(question.help)}
        if question.is_text:
            return Citation(widget=forms.Textarea(attrs={"rows": 2}), max_length=500, **said)
        decides = {"data-decides": ""} if question.id in self.edition.deciders else {}
        return forms.ChoiceField(
            choices=[(option.id, _spoken(option.title)) for option in question.options],
            widget=forms.RadioSelect(attrs=decides),
            **said,
        )

    def refuse(self, refusal: RuleBroken) -> None:
        for problem in refusal.problems:
            where = str(problem.where)
            self.add_error(where if where in self.fields else None, str(problem.what))

    def asked(self) -> list[Asked]:
        found = []
        for name in self.fields:
            question = self.edition.question(name)
            assert question is not None  # every field is made of one
            found.append(Asked(self[name], question.article, question.reading == "ours"))
        return found


def _spoken(text: Text) -> str:
    return text[(get_language() or "en")[:2]]
