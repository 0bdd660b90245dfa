"""What the front page and the sitemap show of the newsroom."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import override

from jirani.ui.registry import Listing, Story

from .pages import NewsPage, pages_shown_to


def latest_stories(user: Any, language: str, number: int) -> list[Story]:
    """The latest articles and reports, each in `language` or else in the first of the others in which it is there; two queries.

    A text is chosen before its words are read, which is what the reading time takes.
    """
    order = [language, *(code for code, _ in settings.LANGUAGES)]
    shown = pages_shown_to(user)
    own = shown.filter(translation_key=OuterRef("translation_key"), locale__language_code=language)
    rows = shown.filter(Q(locale__language_code=language) | ~Exists(own)).order_by("-published_on", "-pk")
    best: dict[Any, tuple[int, int]] = {}
    for pk, key, code in rows.values_list("pk", "translation_key", "locale__language_code")[: number * len(order)]:
        place = order.index(code) if code in order else len(order)
        best[key] = min(best.get(key, (place, pk)), (place, pk))
    chosen = [pk for _place, pk in best.values()][:number]
    pages = NewsPage.objects.select_related("locale", "articlepage", "eventreportpage").in_bulk(chosen)
    return [_story(pages[pk]) for pk in chosen]


def _story(page: NewsPage) -> Story:
    """A page as the front page shows it. It stands right below its language's newsroom, the root of what Wagtail serves."""
    code = page.locale.language_code
    whole = getattr(page, "articlepage", None) or getattr(page, "eventreportpage", None) or page
    return Story(page.title, code, _address(page.slug, code), page.published_on, whole.minutes)


def _address(slug: str, language: str) -> str:
    with override(language):
        return reverse("wagtail_serve", args=[f"{slug}/"])


def news_listing() -> Listing:
    """Articles and reports that a visitor may read, each in its own language."""
    shown = pages_shown_to(AnonymousUser()).public()
    return Listing("news", shown, ("slug", "locale__language_code"), lambda slug, code: [_address(slug, code)])
