"""What the newsroom's pages show beside their own text, asked anew for each reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Locale

from jirani.core.paging import BadCursor, page_by_key
from jirani.events.models import Event
from jirani.lessons.enums import Addressee, LessonKind
from jirani.lessons.models import Lesson
from jirani.translation.models import translate_now
from jirani.ui.text import Tongue

#: Pages of the newsroom on one page of its list.
SIZE = 20


def tongues_of(page: Any, request: HttpRequest) -> dict[str, list[Tongue]]:
    """The same text in other languages, each at its own address; languages without it lead to their newsroom's front."""
    locales = {locale.pk: locale.language_code for locale in Locale.objects.all()}
    known = {
        locales[other.locale_id]: other.get_url(request)
        for other in page.get_translations(inclusive=True).live()
        if other.locale_id in locales
    }
    return {
        "tongues": [
            Tongue(code, str(name), known.get(code) or f"/{code}/news/", code == get_language())
            for code, name in settings.LANGUAGES
        ]
    }


def news_of(index: Any, pages: Any, request: HttpRequest) -> dict[str, Any]:
    """One page of the newsroom `index`, the latest of its `pages` first."""
    try:
        page = page_by_key(pages, ("-published_on", "-id"), cursor=request.GET.get("cursor", ""), size=SIZE)
    except BadCursor:
        page = page_by_key(pages, ("-published_on", "-id"), size=SIZE)
    return {"page_of_news": page, **tongues_of(index, request)}


def article_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """The event that an article is about, where the reader may see it."""
    event = Event.objects.visible_to(request.user).filter(pk=page.event_id).first() if page.event_id else None
    translate_now(event)
    return {"event": event, **tongues_of(page, request)}


def report_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """The event, its lessons, and its recommendations by addressee, as far as the reader may see them now."""
    lessons = list(page.lessons_visible_to(request.user))
    translate_now(page.event, lessons)
    recommended = [lesson for lesson in lessons if lesson.kind == LessonKind.RECOMMENDATION]
    return {
        "event": page.event,
        "lessons": [lesson for lesson in lessons if lesson.kind != LessonKind.RECOMMENDATION],
        "recommendations": _by_addressee(recommended),
        **tongues_of(page, request),
    }


def _by_addressee(lessons: list[Lesson]) -> list[tuple[str, list[Lesson]]]:
    groups = [
        (str(addressee.label), [lesson for lesson in lessons if lesson.addressee == addressee])
        for addressee in Addressee
    ]
    return [(label, found) for label, found in groups if found]
