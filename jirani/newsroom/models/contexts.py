"""What the newsroom's pages show beside their own text, looked up for each reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override

from jirani.core.noted import tell_cursor
from jirani.core.paging import BadCursor, page_by_key
from jirani.events.models import Event
from jirani.lessons.enums import Addressee, LessonKind
from jirani.lessons.models import Lesson
from jirani.translation.models import translate_now
from jirani.ui.text import LanguageLink

from .segments import progress_in_lists, progress_of

#: How many newsroom pages one page of the list shows.
SIZE = 20


def address(slug: str, language: str) -> str:
    """Return a page's address in a language. It is directly below a newsroom, the root of what Wagtail serves in each language."""
    with override(language):
        return reverse("wagtail_serve", args=[f"{slug}/"])


def language_links_of(page: Any) -> dict[str, Any]:
    """Return the page in every language: its translation if there is one, else this page in that language's frame. One query.

    In another language's frame also `original`, the address of the text in its own language, and `foreign`, that language.
    """
    here, own = get_language(), page.locale.language_code
    slugs = dict(page.get_translations(inclusive=True).live().values_list("locale__language_code", "slug"))
    links = [
        LanguageLink(code, str(name), address(slugs.get(code, page.slug), code), code == here, code in slugs)
        for code, name in settings.LANGUAGES
    ]
    return {"language_links": links, **({} if own == here else {"foreign": own, "original": address(page.slug, own)})}


def news_of(pages: Any, request: HttpRequest) -> dict[str, Any]:
    """Return one page of a newsroom's list, the latest of its `pages` first."""
    cursor = request.GET.get("cursor", "")
    try:
        page = page_by_key(pages, ("-published_on", "-id"), cursor=cursor, size=SIZE)
    except BadCursor:
        page = page_by_key(pages, ("-published_on", "-id"), size=SIZE)
    else:
        tell_cursor(request, "cursor", ours=page.ours)
    missing = progress_in_lists(page.rows)
    for row in page.rows:
        row.progress = missing.get(row.pk)
    return {"page_of_news": page}


def article_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """Return the event that an article is about, if the reader may see it."""
    event = Event.objects.visible_to(request.user).filter(pk=page.event_id).first() if page.event_id else None
    translate_now(event)
    return {"event": event, "progress": progress_of(page), **language_links_of(page)}


def report_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """The event, its lessons, and its recommendations by addressee, as far as the reader may see them now."""
    lessons = list(page.lessons_visible_to(request.user))
    translate_now(page.event, lessons)
    recommended = [lesson for lesson in lessons if lesson.kind == LessonKind.RECOMMENDATION]
    return {
        "event": page.event,
        "progress": progress_of(page),
        "lessons": [lesson for lesson in lessons if lesson.kind != LessonKind.RECOMMENDATION],
        "recommendations": _by_addressee(recommended),
        **language_links_of(page),
    }


def _by_addressee(lessons: list[Lesson]) -> list[tuple[str, list[Lesson]]]:
    groups = [
        (str(addressee.label), [lesson for lesson in lessons if addressee in lesson.addressees])
        for addressee in Addressee
    ]
    return [(label, found) for label, found in groups if found]
