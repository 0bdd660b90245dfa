"""What the front page and the sitemap show of the newsroom."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from jirani.core.compiled import compiled_once
from jirani.reading.registry import Listing, Story

from .contexts import address
from .pages import NewsPage, pages_shown_to, texts_for
from .segments import Progress, progress_in_lists


def latest_stories(user: Any, language: str, number: int) -> list[Story]:
    """The latest articles and reports, each in `language` or else in the first of the others in which it is there; two or three queries.

    A text is chosen before its words are read, which is what the reading time takes.
    """
    chosen = _newest(number)(user, language=language)
    pages = {page.pk: page for page in _pages(user, pages=tuple(chosen))} if chosen else {}
    missing = progress_in_lists(pages.values())
    return [_story(pages[pk], language, missing.get(pk)) for pk in chosen if pk in pages]


@cache
def _newest(number: int) -> Callable[..., list[int]]:
    """The statement for as many; how many there may be is part of it."""

    @compiled_once
    def newest(user: Any, *, language: str) -> QuerySet[NewsPage, int]:
        shown: QuerySet[NewsPage] = texts_for(user, language)
        return shown.order_by("-published_on", "-pk").values_list("pk", flat=True)[:number]

    return newest


@compiled_once
def _pages(_user: Any, *, pages: tuple[int, ...]) -> QuerySet[NewsPage]:
    """Return these pages; who may see them was checked when they were chosen."""
    found: QuerySet[NewsPage] = NewsPage.objects.select_related("locale", "articlepage", "eventreportpage")
    return found.filter(pk__in=pages)


def _story(page: NewsPage, language: str, progress: Progress | None) -> Story:
    whole = getattr(page, "articlepage", None) or getattr(page, "eventreportpage", None) or page
    url = address(page.slug, language)
    begun = progress is not None and "title" in progress.missing_fields
    written = progress.language if progress and begun else page.locale.language_code
    return Story(page.title, written, url, page.published_on, whole.minutes)


def news_listing() -> Listing:
    """Return articles and reports that a visitor may read, each in its own language."""
    shown = pages_shown_to(AnonymousUser()).public()
    return Listing("news", shown, ("slug", "locale__language_code"), lambda slug, code: [address(slug, code)])
