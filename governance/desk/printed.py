"""Papers that are printed when somebody asks for them: the same content gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from governance.errors import NotFound
from governance.people.door import Request
from governance.store import printing


def pdf(template: Path, content: Mapping[str, Any]) -> bytes:
    """content: all that the template prints, its words in the language of the reader. Raises printing.NotPrinted."""
    return printing.printed(template, json.dumps(content, ensure_ascii=False))


def language_of(request: Request) -> str:
    """The language that a paper is asked for in. Raises NotFound for one that nobody speaks here."""
    language = request.GET.get("language", request.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise NotFound
    return str(language)


def download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
