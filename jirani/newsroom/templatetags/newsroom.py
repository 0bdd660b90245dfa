"""Parts of a page that are not translated yet say in which language they are. `{% load newsroom %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jirani.ui.text import locale_of

from ..models.segments import Progress

register = template.Library()


@register.simple_tag
def part(words: str, field: str, progress: Progress | None) -> SafeString:
    """`{% part page.title "title" progress %}`: prints a field on one line, with `lang` and `dir` if it is in the source's language."""
    if progress is None or field not in progress.missing_fields:
        return format_html("{}", words)
    direction = locale_of(progress.language).text_direction
    return format_html('<span lang="{}" dir="{}">{}</span>', progress.language, direction, words)


@register.filter
def parts(html: str, progress: Progress | None) -> SafeString | str:
    """`{% filter parts:progress %}…{% endfilter %}`: the same of a longer text, at each paragraph, item and heading."""
    return progress.mark(html) if progress and progress.missing else html
