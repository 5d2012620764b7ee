"""Content-addressed files: `store.put`, `store.path`, `store.read`, `store.remove`."""

from governance.store.files import Damaged, Stored, path, put, read, remove

__all__ = ["Damaged", "Stored", "path", "put", "read", "remove"]
