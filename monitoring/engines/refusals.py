"""Why an engine would not measure: a rule and its facts, which the caller turns into words."""

from __future__ import annotations


class CannotMeasure(Exception):
    """These inputs do not answer the question. `rule` names the reason, `params` the facts of it."""

    def __init__(self, rule: str, **params: object) -> None:
        super().__init__(rule, params)
        self.rule = rule
        self.params = params


class MissingColumns(CannotMeasure):
    """The data period lacks columns that the measurement reads."""

    def __init__(self, columns: list[str], where: str = "window") -> None:
        super().__init__("missing_columns", columns=columns, where=where)
        self.columns = columns


class Refused(CannotMeasure):
    """The artefact is of no format that may be opened here."""
