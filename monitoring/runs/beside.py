"""What stands beside a result and is covered by no digest: what is said of it, and what only its machine decided."""

from __future__ import annotations

from django.db import models


class Beside(models.Model):
    summary = models.JSONField(default=dict)
    """Key of the sentence that says what was found, and its parameters."""
    isolation = models.JSONField(null=True)
    """How far apart a model's file was run: level and layers, {} where none was opened.

    None: a result of before, whose stored form has it inside and whose summary names the level.
    """

    class Meta:
        abstract = True

    @property
    def isolation_level(self) -> str:
        """ "" where no file of a model was opened."""
        said = (
            self.summary.get("isolation", "") if self.isolation is None else self.isolation.get("level", "")
        )
        return str(said)
