"""A file arrives in pieces and becomes a data period by the same way as one that comes whole.

The offset stands in PostgreSQL and is moved under the lock of its row, after the bytes are on the disk: whatever dies, and
however many processes serve, nothing that was acknowledged is lost, and nothing is written twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken, TooLarge
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require
from monitoring.data import services as data
from monitoring.data.ended import refuse_ended
from monitoring.data.models import Dataset, Part, Window
from monitoring.shielding.rightful import rightful
from monitoring.shielding.rules import Grounds
from monitoring.uploads import files
from monitoring.uploads.models import KEPT_FOR, Upload

COUNTS = ".json"
"""How the name of a file of counts ends."""
AT_ONCE = 4
"""An organisation may have so many times the largest file on their way together."""
DIGEST = re.compile(r"[0-9a-f]{64}")


def begin(
    *,
    by: Actor,
    dataset: Dataset,
    name: str,
    part: str,
    file_name: str,
    size: int,
    digest: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    legal_basis: str = "",
    basis_text: str = "",
    keep_until: date | None = None,
) -> Upload:
    """Announce a file: how large it is and its SHA-256. Rows that need a basis are refused before they are sent.

    Raises NotAllowed, OutOfOrder, RuleBroken, TooLarge.
    """
    grounds = Grounds.of(legal_basis, basis_text, keep_until)
    with acting(by, "upload.begun", quiet=True):
        Organisation.objects.select_for_update(no_key=True).get(pk=dataset.organisation_id)
        require(by, "window.add", AIModel.objects.get(pk=dataset.model_id))
        refuse_ended(Dataset.objects.get(pk=dataset.pk))
        _refuse_nonsense(name.strip(), part, size, digest)
        _refuse_too_much(dataset.organisation_id, size)
        if not file_name.lower().endswith(COUNTS):
            rightful(dataset, grounds)
        upload: Upload = Upload.objects.create(
            organisation_id=dataset.organisation_id,
            model_id=dataset.model_id,
            dataset=dataset,
            name=name.strip(),
            part=part,
            starts_on=starts_on,
            ends_on=ends_on,
            **grounds.as_fields(),
            file_name=Path(file_name).name[-200:] or "upload",
            size=size,
            digest=digest,
            begun_by_id=by.person,
        )
        files.begin(upload.organisation_id, upload.pk)
        return upload


def receive(*, by: Actor, upload: Upload, offset: int, pieces: Iterable[bytes]) -> tuple[Upload, bool]:
    """Take the bytes from `offset` on. Returns whether the sender stayed; what came before they left is kept.

    Raises NotAllowed, NotFound, OutOfOrder for any other offset than the one that is due, RuleBroken for more bytes than said.
    """
    with acting(by, "upload.received", quiet=True):
        upload = _held(by, upload)
        _refuse_finished(upload)
        if offset != upload.received:
            raise OutOfOrder(_("The next byte is number %(offset)s.") % {"offset": upload.received})
        room = upload.size - upload.received
        try:
            came, stayed = files.append(_file(upload), upload.received, pieces, room=room)
        except FileNotFoundError as gone:
            raise NotFound from gone  # put back from a backup, which has no unfinished files: begin again
        if came > room:
            raise RuleBroken(_("There is more than was said at the start."))
        upload.received, upload.touched_at = upload.received + came, timezone.now()
        upload.save(update_fields=["received", "touched_at"])
        return upload, stayed


def finish(*, by: Actor, upload: Upload) -> Window:
    """The whole file becomes a data period, or is refused like any other and may be finished again until it expires.

    Finished twice, it is the same data period. Raises NotAllowed, NotFound, OutOfOrder, RuleBroken.
    """
    with acting(by, "upload.finished"):
        upload = _held(by, upload)
        if upload.window is not None:
            return upload.window
        if upload.received < upload.size:
            missing = upload.size - upload.received
            raise OutOfOrder(_("Bytes that are still missing: %(missing)s.") % {"missing": missing})
        _refuse_another(upload)
        with _file(upload).open("rb") as file:
            upload.window = data.add_window(
                by=by,
                dataset=upload.dataset,
                name=upload.name,
                part=upload.part,
                file=file,
                file_name=upload.file_name,
                starts_on=upload.starts_on,
                ends_on=upload.ends_on,
                **_grounds(upload).as_fields(),
            )
        upload.touched_at = timezone.now()
        upload.save(update_fields=["window", "touched_at"])
        _remove_on_commit(upload.organisation_id, [upload.pk])
        return upload.window


def give_up(*, by: Actor, upload: Upload) -> None:
    """Forget what has arrived. Raises NotAllowed, OutOfOrder."""
    with acting(by, "upload.given_up", quiet=True):
        upload = _held(by, upload)
        _refuse_finished(upload)
        _remove_on_commit(upload.organisation_id, [upload.pk])
        upload.delete()


def catch_up(organisation_id: UUID) -> None:
    """Remove what nobody has touched for a day."""
    clerk = Actor.system("uploads", organisation_id)
    with viewing(clerk):
        mine = Upload.objects.filter(organisation_id=organisation_id)
        old = list(mine.expired(timezone.now()).values_list("pk", flat=True))
        known = {str(key) for key in mine.values_list("pk", flat=True)}
    if old:
        with acting(clerk, "upload.expired", quiet=True):
            free = mine.filter(pk__in=old).expired(timezone.now()).select_for_update(skip_locked=True)
            gone = list(free.values_list("pk", flat=True))
            mine.filter(pk__in=gone).delete()
            _remove_on_commit(organisation_id, gone)
    files.remove_strays(organisation_id, known, timezone.now() - KEPT_FOR)


def _held(by: Actor, upload: Upload) -> Upload:
    """The row, locked, unless somebody else works on it: two senders at once are a mistake. Raises OutOfOrder, NotFound."""
    there = Upload.objects.filter(pk=upload.pk)
    row = there.select_for_update(of=("self",), skip_locked=True).select_related("model", "dataset").first()
    if row is None:
        if there.exists():
            raise OutOfOrder(_("Another piece of this upload is being received."))
        raise NotFound
    require(by, "window.add", row.model)
    held: Upload = row
    return held


def _file(upload: Upload) -> Path:
    return files.place(upload.organisation_id, upload.pk)


def _remove_on_commit(organisation_id: UUID, upload_ids: list[UUID]) -> None:
    transaction.on_commit(partial(files.remove, organisation_id, upload_ids), robust=True)


def _refuse_finished(upload: Upload) -> None:
    if upload.window_id is not None:
        raise OutOfOrder(_("This upload is finished."))


def _refuse_another(upload: Upload) -> None:
    """Raises NotFound, RuleBroken for a file that is not the one that was announced."""
    try:
        with _file(upload).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as gone:
        raise NotFound from gone
    if found != upload.digest:
        what = _("The file that arrived has the digest %(found)s.") % {"found": found}
        raise RuleBroken(_("This is not the file that was announced."), [Problem("digest", what)])


def _refuse_nonsense(name: str, part: str, size: int, digest: str) -> None:
    problems = []
    if not name or len(name) > 80:
        problems.append(Problem("name", _("A data period needs a name of at most 80 characters.")))
    if part not in Part.values:
        problems.append(Problem("part", _("A data period is either reference or current.")))
    if size < 1:
        problems.append(Problem("size", _("Say how many bytes the file has.")))
    if not DIGEST.fullmatch(digest):
        problems.append(
            Problem("digest", _("Say the SHA-256 of the file, 64 hexadecimal digits in small letters."))
        )
    if problems:
        raise RuleBroken(_("The upload was not begun."), problems)
    if size > settings.SENIM_LARGEST_UPLOAD:
        raise TooLarge


def _refuse_too_much(organisation_id: UUID, size: int) -> None:
    """Inside the lock of the organisation. Raises OutOfOrder."""
    unfinished = Upload.objects.unfinished().filter(organisation_id=organisation_id)
    total = unfinished.aggregate(total=Sum("size"))["total"] or 0
    if total + size > AT_ONCE * settings.SENIM_LARGEST_UPLOAD:
        raise OutOfOrder(
            _(
                "Your organisation has too much on its way. Finish an upload or give one up, then begin this one."
            )
        )


def _grounds(upload: Upload) -> Grounds:
    return Grounds(upload.legal_basis, upload.basis_text, upload.keep_until)
