"""What the reader asked to see of the matrix: read from the address, so that it can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from governance.errors import Problem, RuleBroken
from governance.inventory.models import AIModel, AIModelQuerySet
from governance.inventory.past import registered
from governance.obligations.models import Framework
from governance.obligations.surroundings import newest_editions
from governance.people.actor import ALL
from governance.people.asked_day import AsOf, asked
from governance.people.door import Request
from governance.people.models import Organisation

LONGEST = 120
"""No name of a model is longer."""


@dataclass(frozen=True)
class Chosen:
    """organisation: its id as text; "" = all. frameworks, organisations: what there is to choose from.

    as_of: the day whose end is asked about; None = now.
    """

    request: Request
    organisations: Sequence[Organisation]
    frameworks: Sequence[Framework]
    organisation: str = ""
    framework: str = ""
    words: str = ""
    as_of: AsOf | None = None

    @property
    def across(self) -> bool:
        """Whether the reader sees more than one organisation."""
        return self.request.actor.reads == ALL

    @property
    def is_narrowed(self) -> bool:
        return bool(self.organisation or self.framework or self.words)

    def models(self) -> AIModelQuerySet:
        """The registered models that the reader sees and asked for, whatever framework is on for them.

        As of a day: those that were registered then; they are found by the name they have now.
        """
        seen: AIModelQuerySet = AIModel.objects.visible_to(self.request.actor)
        rows = registered(seen, self.as_of) if self.as_of else seen.registered()
        if self.organisation:
            rows = rows.filter(organisation_id=self.organisation)
        if self.words:
            rows = rows.filter(Q(name__icontains=self.words) | Q(number__icontains=self.words))
        return rows


def chosen(request: Request) -> Chosen:
    """Raises RuleBroken, which names the field that cannot be read."""
    as_of = asked(request)
    organisations, frameworks = _organisations(request), frameworks_in_order(as_of)
    given = {name: request.GET.get(name, "") for name in ("organisation", "framework", "words")}
    problems = []
    if given["organisation"] not in {"", *(str(each.pk) for each in organisations)}:
        problems.append(Problem(_("Organisation"), _("There is no such organisation.")))
    if given["framework"] not in {"", *(each.key for each in frameworks)}:
        problems.append(Problem(_("Framework"), _("There is no such framework.")))
    if len(given["words"]) > LONGEST or "\0" in given["words"]:
        problems.append(Problem(_("Name or number"), _("No model has such a name or number.")))
    if problems:
        raise RuleBroken(problems=problems)
    return Chosen(
        request,
        organisations,
        frameworks,
        given["organisation"],
        given["framework"],
        given["words"].strip(),
        as_of,
    )


def frameworks_in_order(as_of: AsOf | None = None) -> list[Framework]:
    """The newest edition of each, or that of the day; what binds in Kazakhstan stands first."""
    editions = editions_of_day(as_of) if as_of else newest_editions()
    return sorted(editions, key=lambda each: (not each.head.get("binding_in_kz"), each.key))


def editions_of_day(as_of: AsOf) -> list[Framework]:
    """The latest of each framework that was loaded and whose own day had come; where there was none, the first."""
    latest: dict[str, Framework] = {}
    for framework in Framework.objects.order_by("key", "edition"):
        had_come = framework.edition <= as_of.day.isoformat() and framework.loaded_at < as_of.end
        if framework.key not in latest or had_come:
            latest[framework.key] = framework
    return list(latest.values())


def _organisations(request: Request) -> list[Organisation]:
    rows = Organisation.objects.visible_to(request.actor).filter(kind="participant")
    return sorted(rows, key=lambda each: each.name)
