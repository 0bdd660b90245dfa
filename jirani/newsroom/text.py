"""The chapters of an event report, written from records as plain sentences and lists in HTML that Wagtail's editor keeps."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def paragraphs(text: str) -> SafeString:
    """Return a text's paragraphs as HTML; "" for an empty text."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return format_html_join("", "<p>{}</p>", ((part,) for part in parts))


def bullets(items: Iterable[str]) -> SafeString:
    """Return a list as HTML; "" for an empty list."""
    rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html("<ul>{}</ul>", rows) if rows else rows
