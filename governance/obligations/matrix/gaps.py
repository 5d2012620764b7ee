"""What is owed and not answered, one line a requirement of a model, for a file that leaves the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.obligations.lines import CONCLUDED, Line, kind_name
from governance.obligations.matrix.choosing import Chosen
from governance.obligations.matrix.past import gaps as past
from governance.obligations.matrix.queries import Totals
from governance.obligations.models import Duty, Obligation
from governance.obligations.queries import is_current
from governance.people.asked_day import AsOf
from governance.people.isolated import IsolatedQuerySet

STATUSES = ("failing", "overdue", "missing", "accepted_gap", "due_soon", "waived")
AT_ONCE = 2000
WIDTHS = (28, 12, 32, 40, 12, 18, 44, 22, 44, 60, 12, 28, 28)


def head() -> list[str]:
    return [
        _("Organisation"),
        _("Number"),
        _("Model"),
        _("Framework"),
        _("Edition"),
        _("Reference"),
        _("Requirement"),
        _("Status"),
        _("What is missing"),
        _("Why"),
        _("Until"),
        _("Conclusion"),
        _("Computed at"),
    ]


def rows(chosen: Chosen) -> Iterator[list[str]]:
    """By organisation and model, then in the order of the text. Two queries; the lines come as the database gives them."""
    obligations = _obligations()
    if chosen.as_of:
        yield from past.rows(chosen, chosen.as_of, STATUSES, obligations, _stood)
        return
    for duty in _duties(chosen).iterator(chunk_size=AT_ONCE):
        yield _row(duty, obligations[duty.obligation_id], _computed(duty))


def about(chosen: Chosen, totals: Totals, on: date) -> list[list[str]]:
    """What the file is, and what it is not: said inside it, because it travels without the page."""
    names = {str(each.pk): each.name for each in chosen.organisations}
    editions = [each for each in chosen.frameworks if each.key in totals.by_framework]
    said = [
        [_("What this is"), statement_of_all(on)],
        *([[_("As of"), as_it_stood(chosen.as_of)]] if chosen.as_of else []),
        [_("Organisation"), names.get(chosen.organisation, _("All that you see"))],
        [_("Name or number"), chosen.words or _("All")],
        [_("Registered models"), str(totals.models)],
        [
            _("Of these without counts of that day") if chosen.as_of else _("Of these being computed"),
            str(totals.behind),
        ],
    ]
    return said + [[each.title, _("Edition %(edition)s") % {"edition": each.edition}] for each in editions]


def statement_of_all(on: date) -> str:
    return _(
        "Evidence status under the edition named with each framework, as read on %(day)s; not a legal opinion."
    ) % {"day": on.isoformat()}


def as_it_stood(as_of: AsOf) -> str:
    """Said wherever something of a past day leaves the register."""
    return _("As it stood at the end of %(day)s.") % {"day": as_of}


def _duties(chosen: Chosen) -> IsolatedQuerySet:
    language = (get_language() or "en")[:2]
    rows = Duty.objects.visible_to(chosen.request.actor).filter(
        status__in=STATUSES, model__in=chosen.models()
    )
    if chosen.framework:
        rows = rows.filter(framework_key=chosen.framework)
    return (
        rows.select_related("model__organisation", "model__sheet")
        .only(
            *("obligation_id", "status", "concluded", "groups", "reasons", "due_on"),
            *("model__number", "model__name", "model__revision", "model__sheet__computed_at"),
            *("model__sheet__computed_at_revision", "model__sheet__stale_after"),
            *(f"model__organisation__name_{each}" for each in ("kk", "ru", "en")),
        )
        .order_by(
            f"model__organisation__name_{language}",
            "model__organisation_id",
            "model__number",
            "-obligation__framework__head__binding_in_kz",
            "obligation__framework__key",
            "obligation__position",
        )
    )


def _obligations() -> Mapping[UUID, Obligation]:
    return {each.pk: each for each in Obligation.objects.select_related("framework").defer("facts")}


def _stood(duty: Duty, obligation: Obligation, computed_at: datetime) -> list[str]:
    return _row(duty, obligation, _moment(computed_at))


def _row(duty: Duty, obligation: Obligation, computed: str) -> list[str]:
    duty.obligation = obligation
    line, framework = Line(duty), obligation.framework
    return [
        duty.model.organisation.name,
        duty.model.number,
        duty.model.name,
        framework.title,
        framework.edition,
        obligation.ref,
        obligation.title,
        str(line.words),
        missing(duty),
        " ".join(line.reasons),
        duty.due_on.isoformat() if duty.due_on else "",
        str(CONCLUDED[duty.concluded]) if duty.concluded else _("nobody yet"),
        computed,
    ]


def missing(duty: Duty) -> str:
    """What would answer each group that lacks its evidence: alternatives within a group, all groups together."""
    lacking = [group["missing"] for group in duty.groups if group["missing"]]
    said = [" / ".join(kind_name(kind) for kind in kinds) for kinds in lacking]
    return "; ".join(dict.fromkeys(said))


def _computed(duty: Duty) -> str:
    at = _moment(duty.model.sheet.computed_at)
    return at if is_current(duty.model, duty.model.sheet) else f"{at}, {_('being computed')}"


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
