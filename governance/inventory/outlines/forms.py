"""The form of a document that is being written: one field for each part of its outline."""

from __future__ import annotations

from typing import Any

from django import forms

from governance.inventory.forms import RefusableForm, only_required
from governance.inventory.outlines import services, writing
from governance.inventory.outlines.models import Draft
from governance.inventory.outlines.outline import Part

LEAST_ROWS, MOST_ROWS = 4, 18
LINE = 90


class DraftForm(RefusableForm):
    """Everything may stay open until the document is handed in."""

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft, self.outline = draft, services.outline_of(draft)
        for part in self.outline.parts:
            text = draft.texts.get(part.key, "")
            self.fields[part.key] = forms.CharField(
                label=str(part.title),
                help_text=str(part.ask),
                required=part.required,
                strip=False,
                initial=text,
                max_length=services.LONGEST,
                widget=forms.Textarea(attrs={"rows": _rows(text), "lang": draft.language}),
            )

    def clean(self) -> dict[str, Any]:
        """What is required is asked for when the document is handed in, and by the service."""
        cleaned = super().clean() or self.cleaned_data
        for name in [name for name, errors in self.errors.as_data().items() if only_required(errors)]:
            del self.errors[name]
            cleaned[name] = ""
        return cleaned

    def written(self) -> list[tuple[forms.BoundField, Part, bool]]:
        """Each part with its field, and whether it is written as it stands on record."""
        return [
            (
                self[part.key],
                part,
                writing.is_written(self.draft.texts.get(part.key, ""), self.draft.language),
            )
            for part in self.outline.parts
        ]


def _rows(text: str) -> int:
    lines = sum(1 + len(line) // LINE for line in text.split("\n"))
    return max(LEAST_ROWS, min(MOST_ROWS, lines + 1))
