"""How every page that tries a candidate works: a POST reads it, judges, shows, and forgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.http import FileResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.errors import RuleBroken
from governance.inventory.forms import RefusableForm
from governance.obligations.matrix.exports import SAFE, XLSX
from governance.obligations.matrix.workbook import Sheet, write
from governance.people.door import Request
from governance.people.rights import require

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class CandidateForm(RefusableForm):
    file = forms.FileField(
        label=gettext_lazy("Candidate edition"),
        help_text=gettext_lazy(
            "A YAML file like those of the catalogue. It is read, and nothing is kept of it."
        ),
    )


AForm = TypeVar("AForm", bound=RefusableForm)


@dataclass(frozen=True)
class Tab:
    """One kind of candidate. heading: of its form. template: of what is found."""

    key: str
    heading: StrOrPromise
    lead: StrOrPromise
    template: str


@dataclass(frozen=True)
class Tried:
    """What a candidate would do: for the page, and as a file."""

    context: dict[str, Any]
    sheets: Iterable[Sheet]


def page(request: Request, tab: Tab, kind: type[AForm], look: Callable[[AForm], Tried]) -> Any:
    """look: judges what a valid form holds, and raises RuleBroken."""
    require(request.actor, "catalogue.preview", None)
    form = kind(request.POST, request.FILES) if request.method == "POST" else kind()
    tried = _tried(form, look)
    if tried and request.POST.get("as") == "xlsx":
        return _workbook(tab, tried)
    context = {"form": form, "tab": tab, "tried": tried, "crumbs": [(_("What would change"), None)]}
    return render(
        request,
        "governance/obligations/preview/preview.html",
        {**context, **(tried.context if tried else {})},
        status=422 if form.errors else 200,
    )


def _tried(form: AForm, look: Callable[[AForm], Tried]) -> Tried | None:
    if not form.is_valid():
        return None
    try:
        return look(form)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return None


def _workbook(tab: Tab, tried: Tried) -> FileResponse:
    """Finished before the first byte leaves: the rows are read while their reader's walls stand."""
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    write(file, tried.sheets)
    file.seek(0)
    name = f"preview-{tab.key}-{timezone.localdate().isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX, headers=SAFE)
