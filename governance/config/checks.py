"""System checks: no table without walls, no check of a package missing without a word, no table of tiers that names nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register


@register("senim")
def every_table_has_its_walls(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    from audits.ledger.capture import unguarded_tables

    return [
        Error(
            f"{table} is neither isolated and recorded nor on a written exempt list.",
            hint="Derive the model from Isolated, or give the reason in EXEMPT or UNRECORDED.",
            id="senim.E001",
        )
        for table in unguarded_tables()
    ]


@register("senim", deploy=True)
def models_can_be_isolated(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Tries it on this machine, under this account: where the worker of checks runs, the answer is the worker's."""
    from django.conf import settings

    from monitoring.runs import isolation
    from monitoring.sandbox.levels import SANDBOXES
    from monitoring.sandbox.running import Sandbox

    with Sandbox(["monitoring.sandbox.attempts"], {}) as light:
        found = isolation.tried(light, allowed=settings.SENIM_ISOLATION)
    if found.level in SANDBOXES:
        return []
    happens = "run without a sandbox" if found.level else "not run"
    return [
        Warning(
            f"The files of models are {happens} here: {found.proof.why or ', '.join(found.proof.open)}.",
            hint="Allow user namespaces, or Landlock and an account that is not root. See docs/operations.md.",
            id="senim.W001",
        )
    ]


@register("senim")
def every_check_of_a_package_is_sound(
    app_configs: Sequence[Any] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warnings, for an error would keep the whole register from being migrated and started."""
    from monitoring.checks import REFUSED

    hint = "Mend or uninstall the package. Until then nobody is asked this check; all others are."
    return [Warning(str(each), hint=hint, id="senim.W002") for each in REFUSED]


@register("senim")
def the_tables_of_tiers_are_whole(
    app_configs: Sequence[Any] | None = None, folder: Path | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """folder: another one than that of the editions, whose newest is then held against the register all the same."""
    from monitoring.runs.tier_flaws import flaws
    from monitoring.runs.tiers import TABLE

    return [Error(what, id="senim.E301") for what in flaws(folder or TABLE.parent)]
