"""Former values out of the ledger: what a row held at a moment, for whoever may read both the row and its entries."""

from __future__ import annotations

from collections.abc import Iterator

from governance.people.isolation import RUNTIME

SIGNATURE = "senim_as_recorded(text, uuid[], timestamptz)"

# former: each column that was changed since, with the value before the first of these changes.
AS_RECORDED = """
CREATE OR REPLACE FUNCTION senim_as_recorded(of_table text, of_rows uuid[], until timestamptz)
    RETURNS TABLE (row_id uuid, is_known boolean, former jsonb)
    LANGUAGE sql STABLE SECURITY INVOKER SET search_path = public, pg_temp AS $$
    SELECT asked.id,
        EXISTS (SELECT FROM audits_ledgerentry e WHERE e."table" = of_table AND e."row" = asked.id AND e.at < until)
        AND NOT EXISTS (SELECT FROM audits_ledgerentry e LEFT JOIN audits_ledgerpayload p ON p.entry_id = e.id
            WHERE e."table" = of_table AND e."row" = asked.id AND e.at >= until AND p.entry_id IS NULL),
        (SELECT coalesce(jsonb_object_agg(undone.key, undone.value -> 0), '{}'::jsonb) FROM (
            SELECT DISTINCT ON (changed.key) changed.key, changed.value
            FROM audits_ledgerentry e JOIN audits_ledgerpayload p ON p.entry_id = e.id,
                jsonb_each(p.content -> 'changes') AS changed
            WHERE e."table" = of_table AND e."row" = asked.id AND e.operation = 'U' AND e.at >= until
            ORDER BY changed.key, e.at) AS undone)
    FROM unnest(of_rows) AS asked(id) $$;
"""


def statements() -> Iterator[str]:
    yield AS_RECORDED
    yield f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO {RUNTIME}"
