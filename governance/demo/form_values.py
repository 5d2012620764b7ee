"""What a browser would send of a form that nobody has touched."""

from __future__ import annotations

from html.parser import HTMLParser

NOT_SENT = {"submit", "button", "file", "image", "reset"}
Attributes = dict[str, str | None]


class FormValues(HTMLParser):
    """Names and values of every field on a page. values: by name; a ticked box or a chosen option counts, others do not."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select: str | None = None
        self._textarea: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said: Attributes = dict(attrs)
        if tag == "input":
            self._input(said)
        elif tag == "select":
            self._select = said.get("name")
        elif tag == "option" and self._select and "selected" in said:
            self._keep(self._select, said.get("value") or "")
        elif tag == "textarea":
            self._textarea = said.get("name")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._keep(self._textarea, data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def _input(self, said: Attributes) -> None:
        kind, name = said.get("type") or "text", said.get("name")
        is_chosen = kind not in ("checkbox", "radio") or "checked" in said
        if name and kind not in NOT_SENT and is_chosen:
            self._keep(name, said.get("value") or "")

    def _keep(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)
