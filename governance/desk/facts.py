"""What all rooms know of one model, as facts for a document. Spoken in the language that is active when they are gathered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from governance.approvals.models import Authorisation
from governance.approvals.words import environment
from governance.inventory import answers, queries
from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.outlines.writing import Fact
from governance.inventory.rows.queries import rows_of
from governance.inventory.sections import questions
from governance.inventory.suppliers.models import Component
from governance.inventory.suppliers.queries import chain_of
from governance.risk.grades import current_grade
from governance.risk.queries import explained
from monitoring.data.models import Window
from monitoring.runs.queries import board

MOST_FEATURES = 60
Gatherer = Callable[[AIModel], Mapping[str, Fact]]


def facts_of(model: AIModel) -> dict[str, Fact]:
    """By the names that the outlines use; a fact of which nothing is on record has no lines."""
    found: dict[str, Fact] = {}
    for gather in GATHERERS:
        found |= gather(model)
    return found


def _answers(model: AIModel) -> dict[str, Fact]:
    """A question of the profile that nobody has answered is no blank that a document would have to fill."""
    given = answers.of(model)
    spoken = {each: queries.spoken(each, model, given) for each in questions()}
    said = {
        each.name: Fact(str(each.label).rstrip("?"), text.split("\n") if each.is_list else _lines(text))
        for each, text in spoken.items()
        if text or each.table is AIModel
    }
    return said | {
        "number": Fact(_("Number in the register"), [model.number]),
        "organisation": Fact(_("Organisation"), [model.organisation.name]),
    }


def _version(model: AIModel) -> dict[str, Fact]:
    version: ModelVersion | None = queries.focus_version(model)
    features = version.features if version else []
    more = (
        [_("and %(number)s more") % {"number": len(features) - MOST_FEATURES}]
        if len(features) > MOST_FEATURES
        else []
    )
    threshold = version.decision_threshold if version else None
    return {
        "version": Fact(_("Version"), [version.label] if version else []),
        "artefact": Fact(
            _("Digest of the artefact (SHA-256)"), _lines(version.artefact_sha256 if version else "")
        ),
        "features": Fact(_("Features"), [", ".join([*features[:MOST_FEATURES], *more])] if features else []),
        "threshold": Fact(
            _("Decision threshold"),
            [] if threshold is None else [formats.number_format(threshold, use_l10n=True)],
        ),
        "metrics": Fact(
            _("Stated by its maker"),
            [f"{name}: {_number(value)}" for name, value in version.metrics.items()] if version else [],
        ),
    }


def _chain(model: AIModel) -> dict[str, Fact]:
    components = chain_of(model)
    return {
        "chain": Fact(_("Components from outside"), [_component(each) for each in components]),
        "exit_plans": Fact(
            _("Exit plans on record"), [f"{each}: {each.exit_plan}" for each in components if each.exit_plan]
        ),
    }


def _rows(model: AIModel) -> dict[str, Fact]:
    return {
        shown.listed.slug.replace("-", "_"): Fact(
            str(shown.listed.title), [f"{line.name}: {line.in_full}" for line in shown.lines]
        )
        for shown in rows_of(model)
    }


def _component(each: Component) -> str:
    supplier = each.provider.name if each.provider and each.provider.name != each.name else ""
    said = [str(each), each.get_kind_display(), supplier, each.region]
    return ", ".join(filter(None, said))


def _grade(model: AIModel) -> dict[str, Fact]:
    grade = current_grade(model)
    degrees = {each.axis: each for each in explained(grade)} if grade else {}
    because = [each for degree in degrees.values() for each in degree.because]
    return {
        "risk": Fact(_("Degree of risk"), [degrees["risk"].in_full] if degrees else []),
        "autonomy": Fact(_("Degree of autonomy"), [degrees["autonomy"].in_full] if degrees else []),
        "tier": Fact(_("Tier"), [degrees["tier"].in_full] if degrees else []),
        "grade_reasons": Fact(_("Reasons"), [each.sentence for each in because]),
    }


def _checks(model: AIModel) -> dict[str, Fact]:
    answered = [asked for asked in board(model).asked if asked.latest and asked.latest.result]
    lines = {
        asked.check.key: f"{asked.check.title}: {asked.latest.state} – {asked.latest.sentence}"
        for asked in answered
        if asked.latest
    }
    fairness = [line for key, line in lines.items() if key == "fairness"]
    return {
        "checks": Fact(_("Checks run by the register"), list(lines.values())),
        "fairness": Fact(_("Fairness check run by the register"), fairness),
    }


def _data(model: AIModel) -> dict[str, Fact]:
    windows = Window.objects.standing().filter(model=model, dataset__ended_at=None).select_related("dataset")
    return {"data": Fact(_("Data periods on record"), [_window(each) for each in windows])}


def _window(each: Window) -> str:
    span = " – ".join(
        formats.date_format(day, "SHORT_DATE_FORMAT") for day in (each.starts_on, each.ends_on) if day
    )
    size = _("%(rows)s rows") % {"rows": formats.number_format(each.rows, use_l10n=True, force_grouping=True)}
    return ", ".join(filter(None, [f"{each.dataset.name}, {each.name}", each.get_part_display(), span, size]))


def _permission(model: AIModel) -> dict[str, Fact]:
    standing = Authorisation.objects.filter(model=model, state="active", expires_at__gt=timezone.now())
    return {
        "permission": Fact(
            _("Deployment permission"),
            [
                _("version %(label)s, %(place)s, until %(day)s")
                % {
                    "label": each.version.label,
                    "place": environment(each.environment),
                    "day": formats.date_format(each.expires_at, "SHORT_DATE_FORMAT"),
                }
                for each in standing.select_related("version")
            ],
        )
    }


def _lines(text: str) -> list[str]:
    return [text] if text else []


def _number(value: object) -> str:
    return formats.number_format(value, use_l10n=True) if isinstance(value, float | int) else str(value)


GATHERERS: tuple[Gatherer, ...] = (_answers, _version, _chain, _rows, _grade, _checks, _data, _permission)
