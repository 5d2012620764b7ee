"""A grade on record never changes: the database itself refuses, whoever asks. Installed after each `migrate`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from governance.people.isolated import Isolated
from governance.risk.models import RiskAssessment
from governance.risk.overriding.models import Override

MAY_CHANGE: Mapping[type[Isolated], tuple[str, ...]] = {
    RiskAssessment: ("superseded_at",),
    Override: ("reverted_by_id", "reverted_at", "reverted_reason", "lapsed_at"),
}
"""Columns that say how a row has ended; every other one stays as it was written."""

KEEP = """
CREATE OR REPLACE FUNCTION senim_keep_row() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a row of % is never deleted', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF (to_jsonb(NEW) - TG_ARGV) IS DISTINCT FROM (to_jsonb(OLD) - TG_ARGV) THEN
        RAISE EXCEPTION 'a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def statements() -> Iterator[str]:
    """All SQL of this wall, safe to run again."""
    yield KEEP
    for model, columns in MAY_CHANGE.items():
        named = ", ".join(f"'{column}'" for column in columns)
        yield (
            f'CREATE OR REPLACE TRIGGER senim_keep_row BEFORE UPDATE OR DELETE ON "{model._meta.db_table}"'
            f" FOR EACH ROW EXECUTE FUNCTION senim_keep_row({named})"
        )
        yield f'ALTER TABLE "{model._meta.db_table}" ENABLE ALWAYS TRIGGER senim_keep_row'
