"""Components that wrap content: {% card title=_("Versions") %} … {% endcard %}."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def card(content: SafeString, title: str = "", lead: str = "", anchor: str = "") -> SafeString:
    """A titled panel. anchor is its id on the page, for links to it."""
    return render_to_string(
        "components/card.html", {"content": content, "title": title, "lead": lead, "anchor": anchor}
    )


@register.simple_block_tag
def page_header(content: SafeString, title: str, kicker: str = "", lead: str = "") -> SafeString:
    """The head of a page: the only <h1>; the content is its actions and may be empty."""
    actions = content if content.strip() else ""
    return render_to_string(
        "components/page_header.html", {"content": actions, "title": title, "kicker": kicker, "lead": lead}
    )


@register.simple_block_tag
def rows(content: SafeString, caption: str, hide_caption: bool = True) -> SafeString:
    """A table that scrolls sideways on a narrow screen. The content is its <thead> and <tbody>."""
    return render_to_string(
        "components/table.html", {"content": content, "caption": caption, "hide_caption": hide_caption}
    )


@register.simple_block_tag
def form_section(content: SafeString, title: str, lead: str = "") -> SafeString:
    """A titled group of form fields."""
    return render_to_string(
        "components/form_section.html", {"content": content, "title": title, "lead": lead}
    )


@register.simple_block_tag
def buttons(content: SafeString) -> SafeString:
    """The row of buttons that ends a form or a panel."""
    return render_to_string("components/buttons.html", {"content": content})
