"""Gives entries their place in the log of their organisation, and keeps the signed heads: SQL of the ledger role.

The runtime role may only ask these two functions. Entries wait in a table of their own until they have a place, so
nothing is skipped, in whatever order transactions end ("after the last id" would skip).
"""

from __future__ import annotations

from collections.abc import Iterator

from audits.ledger.leaf import FORM
from governance.people.isolation import LEDGER, lookup_rights

LEAF = f"""
CREATE OR REPLACE FUNCTION senim_leaf(e audits_ledgerentry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256('\\x00'::bytea || convert_to(jsonb_build_array('{FORM}', e.id::text, coalesce(e.organisation_id::text, ''),
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.transaction::text, e.actor, e.action,
        e.request, e."table", e."row"::text, coalesce(e.model::text, ''), e.operation, encode(e.commitment, 'hex')
    )::text, 'UTF8')) $$;
"""

# One sequencer at a time for each organisation; the entries of one transaction keep their order.
SEQUENCE = """
CREATE OR REPLACE FUNCTION senim_sequence(org uuid, most integer) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    next_place bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('senim.ledger.' || coalesce(org::text, ''), 0));
    SELECT coalesce(max(position) + 1, 0) INTO next_place FROM audits_ledgerindex
        WHERE organisation_id IS NOT DISTINCT FROM org;
    WITH waiting AS (
        SELECT e AS whole, e.id, e.at FROM audits_ledgerwaiting w JOIN audits_ledgerentry e ON e.id = w.entry_id
        WHERE w.organisation_id IS NOT DISTINCT FROM org ORDER BY e.at, e.id LIMIT most
    ), placed AS (
        INSERT INTO audits_ledgerindex (entry_id, organisation_id, position, leaf)
        SELECT id, org, next_place + row_number() OVER (ORDER BY at, id) - 1, senim_leaf(whole) FROM waiting
        RETURNING entry_id
    )
    DELETE FROM audits_ledgerwaiting USING placed WHERE audits_ledgerwaiting.entry_id = placed.entry_id;
    SELECT coalesce(max(position) + 1, 0) INTO next_place FROM audits_ledgerindex
        WHERE organisation_id IS NOT DISTINCT FROM org;
    RETURN next_place;
END $$;
"""

# A head is only ever added, of a log that really is that long, and never behind a head that stands.
CHECKPOINT = """
CREATE OR REPLACE FUNCTION senim_checkpoint(org uuid, log_size bigint, head bytea, log_peaks bytea, signed text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('senim.ledger.' || coalesce(org::text, ''), 0));
    IF log_size <> (SELECT count(*) FROM audits_ledgerindex
                    WHERE organisation_id IS NOT DISTINCT FROM org AND position < log_size)
        OR EXISTS (SELECT FROM audits_checkpoint
                   WHERE organisation_id IS NOT DISTINCT FROM org AND size >= log_size) THEN
        RETURN false;
    END IF;
    INSERT INTO audits_checkpoint (id, organisation_id, at, size, root, peaks, note)
        VALUES (gen_random_uuid(), org, clock_timestamp(), log_size, head, log_peaks, signed);
    RETURN true;
END $$;
"""

ASKED = ("senim_sequence(uuid, integer)", "senim_checkpoint(uuid, bigint, bytea, bytea, text)")


def statements() -> Iterator[str]:
    """All SQL, safe to run again."""
    yield from (LEAF, SEQUENCE, CHECKPOINT)
    for signature in ("senim_leaf(audits_ledgerentry)", *ASKED):
        yield f"ALTER FUNCTION {signature} OWNER TO {LEDGER}"
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
    for signature in ASKED:
        yield from lookup_rights(signature)
