"""The number of queries of the newsroom's pages, which is the same with one and with thirty records.

The other reading pages are counted beside what else is tested of them, in tests/public.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale

from jirani.lessons.enums import Addressee, LessonKind
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage, ReportLesson
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def index() -> NewsIndexPage:
    """The Arabic newsroom, with Wagtail's caches of sites and locales warm, as in a process that has served a page."""
    ContentType.objects.get_for_models(*apps.get_models())
    found: NewsIndexPage = NewsIndexPage.objects.get(locale=Locale.objects.get(language_code="ar"))
    Client().get("/ar/news/")
    return found


def _publish(index: NewsIndexPage, page: Any) -> Any:
    page.locale = index.locale
    return index.add_child(instance=page)


@pytest.mark.parametrize("number", [1, 30])
def test_the_newsroom(
    client: Client, index: NewsIndexPage, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for n in range(number):
        written = date(2024, 1, 1) + timedelta(days=n)
        _publish(index, ArticlePage(title=f"Article {n}", slug=f"article-{n}", published_on=written))

    for language in ("ar", "sw"):  # its own language, and one without a translation
        with django_assert_num_queries(8):
            page = client.get(f"/{language}/news/")
        assert len(page.context["page_of_news"].rows) == min(number, 20)


@pytest.mark.parametrize("number", [1, 30])
def test_an_article(
    client: Client, index: NewsIndexPage, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    body = [{"type": "paragraph", "value": f"<p>Paragraph {n}</p>"} for n in range(number)]
    _publish(index, ArticlePage(title="Article", slug="article", event=make.event(), body=body))

    for language, queries in (("ar", 12), ("sw", 14)):
        with django_assert_num_queries(queries):
            page = client.get(f"/{language}/news/article/")
        assert page.content.count(b"Paragraph ") == number


@pytest.mark.parametrize("number", [1, 30])
def test_a_report(
    client: Client, index: NewsIndexPage, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    event = make.event()
    report = _publish(index, EventReportPage(title="Report", slug="report", event=event))
    for n in range(number):
        recommendation = make.lesson(event=event, kind=LessonKind.RECOMMENDATION, addressees=[Addressee.NETWORK])
        for place, lesson in enumerate((make.lesson(event=event), recommendation)):
            ReportLesson.objects.create(page=report, lesson=lesson, sort_order=2 * n + place)

    for language, queries in (("ar", 14), ("sw", 16)):
        with django_assert_num_queries(queries):
            page = client.get(f"/{language}/news/report/")
        assert len(page.context["lessons"]) == number
