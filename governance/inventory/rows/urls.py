"""Four addresses for each list."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path

from governance.inventory.rows import views
from governance.inventory.rows.lists import LISTS


def _addresses() -> Iterator[URLPattern]:
    for listed in LISTS:
        slug, which = listed.slug, {"slug": listed.slug}
        one = f"{slug}/<uuid:{listed.key}>/"
        yield path(f"models/<uuid:model_id>/edit/{slug}/", views.page, which, name=slug)
        yield path(f"models/<uuid:model_id>/{slug}/add/", views.add, which, name=f"add-{slug}")
        yield path(one, views.change, which, name=f"{slug}-row")
        yield path(f"{one}end/", views.end, which, name=f"end-{slug}-row")


urlpatterns = list(_addresses())
