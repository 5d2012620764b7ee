"""The revision of a model: raised by a trigger on every write that bears on it, so that upper rooms know they are behind."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from governance.people.isolated import Isolated

RAISE = """
CREATE OR REPLACE FUNCTION senim_raise_revision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    -- Two statements: joined by OR, neither would find its rows by an index.
    IF TG_OP <> 'INSERT' THEN
        UPDATE governance_aimodel SET revision = revision + 1 WHERE id IN (SELECT model_id FROM old_rows);
        IF EXISTS (SELECT FROM old_rows WHERE model_id IS NULL) THEN
            UPDATE governance_aimodel SET revision = revision + 1
                WHERE organisation_id IN (SELECT organisation_id FROM old_rows WHERE model_id IS NULL);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE governance_aimodel SET revision = revision + 1 WHERE id IN (SELECT model_id FROM new_rows);
        IF EXISTS (SELECT FROM new_rows WHERE model_id IS NULL) THEN
            UPDATE governance_aimodel SET revision = revision + 1
                WHERE organisation_id IN (SELECT organisation_id FROM new_rows WHERE model_id IS NULL);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION senim_own_revision() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    -- An older copy that is saved whole must not take the revision back.
    NEW.revision := greatest(NEW.revision, OLD.revision);
    IF (to_jsonb(NEW) - 'revision') IS DISTINCT FROM (to_jsonb(OLD) - 'revision') THEN
        NEW.revision := OLD.revision + 1;
    END IF;
    RETURN NEW;
END $$;
"""

EVENTS = {
    "insert": "INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "update": "UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
}


def statements() -> Iterator[str]:
    """All SQL of the revision, safe to run again."""
    yield RAISE
    yield (
        "CREATE OR REPLACE TRIGGER senim_own_revision BEFORE UPDATE ON governance_aimodel FOR EACH ROW"
        " EXECUTE FUNCTION senim_own_revision()"
    )
    for model in apps.get_models():
        if issubclass(model, Isolated) and model.bears_on:
            for name, event in EVENTS.items():
                yield (
                    f"CREATE OR REPLACE TRIGGER senim_revision_{name} AFTER {event.format(table=model._meta.db_table)}"
                    " FOR EACH STATEMENT EXECUTE FUNCTION senim_raise_revision()"
                )
