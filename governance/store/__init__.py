"""Content-addressed files: `store.put`, `store.path`, `store.read`."""

from governance.store.files import Damaged, Stored, path, put, read

__all__ = ["Damaged", "Stored", "path", "put", "read"]
