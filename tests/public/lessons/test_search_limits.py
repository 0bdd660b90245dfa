"""What a search refuses: a single letter, and a query that would keep the database busy."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from jirani.core.limits import TookTooLong, statements_within
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "refused"), [("s", True), ("\u200es\u0301\u200f ", True), ("…?", True), ("sé", False), ("٢٠", False)]
)
def test_one_letter_is_no_search(words: str, refused: bool) -> None:
    page = Client().get("/en/lessons/", {"q": words})

    assert page.status_code == 200
    assert ("Enter at least two letters." in page.content.decode()) is refused


@pytest.fixture
def slow_words() -> Iterator[None]:
    """Make the database take five seconds to read a lesson."""
    make.lesson(title="A forum")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE lessons_lesson RENAME TO lessons_lesson_quick")
        cursor.execute("CREATE VIEW lessons_lesson AS SELECT * FROM lessons_lesson_quick WHERE pg_sleep(5) IS NOT NULL")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP VIEW lessons_lesson")
        cursor.execute("ALTER TABLE lessons_lesson_quick RENAME TO lessons_lesson")


def test_a_search_that_takes_long_is_stopped_with_a_sentence(slow_words: None) -> None:
    page = Client().get("/fr/lessons/", {"q": "forum"})

    assert page.status_code == 503
    assert "Cette recherche a pris trop de temps et a été arrêtée." in page.content.decode()


def test_the_limit_is_over_with_its_block() -> None:
    with connection.cursor() as cursor:
        with statements_within(1.5):
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("1500ms",)
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
        with pytest.raises(TookTooLong), statements_within(0.01):
            cursor.execute("SELECT pg_sleep(5)")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
