-- Senim: roles and rights. Run as superuser: psql -v ON_ERROR_STOP=1 -d postgres -f roles.sql

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'senim_owner') THEN
    CREATE ROLE senim_owner LOGIN NOCREATEDB NOBYPASSRLS NOSUPERUSER NOCREATEROLE NOREPLICATION;
  END IF;
END $$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'senim_runtime') THEN
    CREATE ROLE senim_runtime LOGIN NOCREATEDB NOBYPASSRLS NOSUPERUSER NOCREATEROLE NOREPLICATION;
  END IF;
END $$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'senim_ledger') THEN
    CREATE ROLE senim_ledger NOLOGIN NOCREATEDB NOBYPASSRLS NOSUPERUSER NOCREATEROLE NOREPLICATION;
  END IF;
END $$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'senim_backup') THEN
    CREATE ROLE senim_backup LOGIN NOCREATEDB BYPASSRLS NOSUPERUSER NOCREATEROLE NOREPLICATION;
  END IF;
END $$;
GRANT senim_ledger TO senim_owner WITH INHERIT TRUE, SET TRUE;
GRANT pg_read_all_data TO senim_backup;
ALTER ROLE senim_backup SET default_transaction_read_only = on;
DO $$ DECLARE wrong text; BEGIN
  SELECT string_agg(rolname, ', ') INTO wrong FROM pg_roles
   WHERE rolname IN ('senim_owner', 'senim_runtime', 'senim_ledger', 'senim_backup')
     AND (rolsuper OR rolcreaterole OR rolreplication
          OR rolbypassrls <> (rolname = 'senim_backup')
          OR rolcanlogin <> (rolname <> 'senim_ledger')
          OR (rolcreatedb AND rolname <> 'senim_owner'));
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'these roles exist with attributes that Senim must not have: %', wrong;
  END IF;
  IF EXISTS (SELECT FROM pg_auth_members WHERE member = 'senim_runtime'::regrole) THEN
    RAISE EXCEPTION 'senim_runtime must be a member of no role';
  END IF;
END $$;

SELECT 'CREATE DATABASE "senim" OWNER senim_owner TEMPLATE template0 ENCODING ''UTF8'''
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'senim') \gexec

REVOKE ALL ON DATABASE "senim" FROM PUBLIC;
GRANT CONNECT ON DATABASE "senim" TO senim_runtime, senim_backup;

\connect "senim"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO senim_runtime, senim_backup;
GRANT USAGE, CREATE ON SCHEMA public TO senim_owner, senim_ledger;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Now give each role that logs in a password, for example:
--   \password senim_owner
--   \password senim_runtime
--   \password senim_backup
