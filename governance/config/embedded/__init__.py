"""Servers that Senim brings along: PostgreSQL and Valkey from wheels, for when no other server is named."""
