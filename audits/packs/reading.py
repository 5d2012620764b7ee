"""README.md of a pack: what is where and how to check it, in three languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.packs.subject import Subject

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CONTENTS: Sequence[tuple[str, StrOrPromise]] = (
    ("report.kk.pdf, report.ru.pdf, report.en.pdf", gettext_lazy("the report for people")),
    ("data/gaps.md", gettext_lazy("what is missing, failing, not run or not read: begin here")),
    ("data/record/", gettext_lazy("answers of the registration and grades")),
    ("data/versions/", gettext_lazy("versions, with the content that their digests cover")),
    ("data/documents/", gettext_lazy("documents, every revision of them")),
    ("data/organisation/", gettext_lazy("papers and trainings of the organisation that the model inherits")),
    (
        "data/requirements/",
        gettext_lazy("requirements, evidence and conclusions, with the edition they were judged by"),
    ),
    ("data/data-periods/", gettext_lazy("what the data were; no row of data is here")),
    ("data/checks/", gettext_lazy("plans, runs, figures, findings, and the results as they were stored")),
    ("data/decisions/", gettext_lazy("what was put before the committee, votes, conditions, permissions")),
    ("data/gate/", gettext_lazy("signed answers about deployments")),
    ("data/register/, data/monitoring/", gettext_lazy("further tables: incidents, suspensions and others")),
    ("data/ledger/", gettext_lazy("who did what and when, with proofs under a signed head")),
    ("verify.py", gettext_lazy("checks all of this without us")),
)


def readme(subject: Subject) -> str:
    return "\n".join("\n".join(_in(language, subject)) for language, _name in settings.LANGUAGES)


def _in(language: str, subject: Subject) -> Iterator[str]:
    with translation.override(language):
        as_of = formats.date_format(timezone.localtime(subject.as_of), "DATETIME_FORMAT")
        yield f"# {_('Evidence pack')} · {' '.join(str(subject.model).split())} ({language})\n"
        yield _("The record of one AI model as it stood on %(as_of)s (time of Almaty).") % {"as_of": as_of}
        yield _("It states the evidence under the editions named inside. It is not a legal opinion.") + "\n"
        yield f"    python verify.py\n\n{_('needs Python 3.9 or later and nothing else.')}\n"
        yield from (f"- `{path}`: {words}" for path, words in CONTENTS)
        yield ""
