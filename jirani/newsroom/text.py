"""The chapters of an event report, written from records as plain sentences and lists in HTML that Wagtail's editor keeps."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def paragraphs(text: str) -> SafeString:
    """A text's paragraphs as HTML; nothing for an empty one."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return format_html_join("", "<p>{}</p>", ((part,) for part in parts))


def bullets(items: Iterable[str]) -> SafeString:
    """A list as HTML; nothing for an empty one."""
    rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html("<ul>{}</ul>", rows) if rows else rows
