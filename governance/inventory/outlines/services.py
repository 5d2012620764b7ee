"""The only writers of documents that grow from an outline."""

from __future__ import annotations

import io
from collections.abc import Mapping

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory import services as inventory
from governance.inventory.digests import digest
from governance.inventory.keeping import OlderCopy
from governance.inventory.locks import locked
from governance.inventory.models import AIModel, Document, Revision
from governance.inventory.outlines import docx, pdf, writing
from governance.inventory.outlines.models import Draft
from governance.inventory.outlines.outline import Outline, outlines
from governance.inventory.outlines.writing import Facts
from governance.inventory.words import Status
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require

LONGEST = 40_000
FORMATS = ("md", "docx", "pdf")


def outline_of(draft: Draft) -> Outline:
    return outlines()[draft.outline]


def fingerprint(draft: Draft) -> str:
    """What a page of this draft was made from."""
    return digest(draft.texts)


def begin(*, by: Actor, model: AIModel, kind: str, language: str, facts: Facts) -> Draft:
    """Begin a document from what the record says; one that is being written already is gone on with.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    with acting(by, "draft.begun"):
        model = locked(model)
        require(by, "document.add", model)
        if model.status == Status.WITHDRAWN:
            raise OutOfOrder(_("This model was withdrawn."))
        if kind not in outlines() or language not in dict(settings.LANGUAGES):
            raise RuleBroken(problems=[Problem("outline", _("There is no such outline."))])
        there: Draft | None = (
            Draft.objects.unfinished().filter(model=model, outline=kind, language=language).first()
        )
        assert by.user_id is not None  # documents are written by people
        return there or Draft.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            outline=kind,
            language=language,
            texts=writing.first_texts(outlines()[kind], facts, language),
            begun_by_id=by.user_id,
        )


def save(*, by: Actor, draft: Draft, texts: Mapping[str, str], over: str = "") -> Draft:
    """Keep the texts of some parts. over: fingerprint of what they were typed over; another one by now is a refusal.

    Raises NotAllowed, OlderCopy, OutOfOrder, RuleBroken.
    """
    with acting(by, "draft.saved", quiet=True):
        draft = _open(by, draft)
        if over and over != fingerprint(draft):
            raise OlderCopy
        known = {part.key for part in outline_of(draft).parts}
        given = {key: text.replace("\r\n", "\n") for key, text in texts.items() if key in known}
        if any(len(text) > LONGEST for text in given.values()):
            raise RuleBroken(_("A section is longer than is accepted. Hand in a long document as a file."))
        if {**draft.texts, **given} != draft.texts:
            draft.texts, draft.saved_at = {**draft.texts, **given}, timezone.now()
            draft.save(update_fields=["texts", "saved_at"])
        return draft


def hand_in(*, by: Actor, draft: Draft, format: str = "md") -> Revision:
    """The finished document becomes a revision like any file. Raises NotAllowed, OutOfOrder, RuleBroken.

    The document of the same title gets its next revision. `problems` name the parts that are not written yet.
    """
    with acting(by, "draft.handed_in"):
        draft = _open(by, draft)
        outline, language = outline_of(draft), draft.language
        _refuse_unfinished(outline, draft)
        title = outline.title[language]
        revision = inventory.add_document(
            by=by,
            model=draft.model,
            title=title,
            kinds=[outline.kind],
            file=io.BytesIO(content(draft, format)),
            file_name=file_name(draft, format),
            language=language,
            document=Document.objects.filter(model_id=draft.model_id, title=title).first(),
        )
        draft.closed_at, draft.revision = timezone.now(), revision
        draft.save(update_fields=["closed_at", "revision"])
        return revision


def discard(*, by: Actor, draft: Draft) -> Draft:
    """Throw it away; that it was begun stays on record. Raises NotAllowed, OutOfOrder."""
    with acting(by, "draft.discarded"):
        draft = _open(by, draft)
        draft.closed_at = timezone.now()
        draft.save(update_fields=["closed_at"])
        return draft


def file_name(draft: Draft, format: str = "md") -> str:
    return f"{outline_of(draft).file_stem}-{draft.model.number}-{draft.language}.{format}"


def content(draft: Draft, format: str = "md") -> bytes:
    """The document as it stands, blanks and all. format: one of FORMATS."""
    with translation.override(draft.language):
        day = formats.date_format(timezone.localdate(), "DATE_FORMAT")
        made = _("Written in the register on %(day)s.") % {"day": day}
        about = f"{draft.model.number} {draft.model.name}"
    text = writing.markdown(outline_of(draft), draft.texts, draft.language, about, made)
    if format == "pdf":
        return pdf.document(text, draft.language, timezone.localdate())
    return docx.document(text) if format == "docx" else text.encode()


def _open(by: Actor, draft: Draft) -> Draft:
    model = locked(draft.model)
    draft = locked(draft)
    draft.model = model
    require(by, "document.add", model)
    if not draft.is_open:
        raise OutOfOrder(_("This document was handed in or thrown away. Begin a new one."))
    return draft


def _refuse_unfinished(outline: Outline, draft: Draft) -> None:
    left = writing.unfinished(outline, draft.texts, draft.language)
    blank = gettext_lazy("A blank is left here: %(blank)s.") % {"blank": writing.BLANK[draft.language]}
    empty = gettext_lazy("This section is not written yet.")
    if left:
        raise RuleBroken(
            _("The document is not finished."),
            problems=[
                Problem(part.key, blank if draft.texts.get(part.key, "").strip() else empty) for part in left
            ],
        )
