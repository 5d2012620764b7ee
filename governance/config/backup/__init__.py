"""Backups: one tar file that holds the whole register at one moment, and proves on the way back that it is whole.

In this order: `secrets/…` (keys, guard; sealed with a passphrase where one was given), `database/<table>/<part>.copy.gz`
(PostgreSQL's text COPY format, all of one snapshot), `store/<organisation>/<aa>/<sha256>`, `manifest.json`,
`manifest.sha256`. The manifest names the version, the migrations, the columns, rows and parts of each table with their
SHA-256, and how many files there are. See docs/operations.md.
"""
