"""The questionnaire as a form: one question, one choice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language

from governance.errors import RuleBroken
from governance.risk import questionnaire


class GradeForm(forms.Form):
    """Every question of the current edition, in the reader's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "en")[:2]
        for question in questionnaire.load().questions:
            self.fields[question.id] = forms.ChoiceField(
                label=question.title[language],
                help_text=question.help[language],
                choices=[(option.id, option.title[language]) for option in question.options],
                widget=forms.RadioSelect,
            )

    def refuse(self, refusal: RuleBroken) -> None:
        for problem in refusal.problems:
            where = str(problem.where)
            self.add_error(where if where in self.fields else None, str(problem.what))

    def numbered(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with the article that its question comes from."""
        articles = {question.id: question.article for question in questionnaire.load().questions}
        return [(self[name], articles[name]) for name in self.fields]
