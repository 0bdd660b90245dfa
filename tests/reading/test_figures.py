"""Numbers in words."""

from django.utils import translation

from jirani.reading.figures import lessons_words


def test_a_count_is_written_in_the_readers_language() -> None:
    assert lessons_words(0) == ""
    with translation.override("en"):
        assert lessons_words(1200) == "1,200 lessons"
