"""Numbers in words, and bars. Pure functions, no query."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from jirani.ui.text import alone, number


def counted(words: str, count: int) -> str:
    """`words` with their %(count)s as the language writes it; "" for none."""
    return words % {"count": number(count)} if count else ""


def figure(words: str, count: int) -> SafeString:
    """A count in words as `ui/components/figures.html` wants it; `words` hold {count} in <b>, or a word that says it (a dual)."""
    return format_html(words, count=number(count))


def events_words(count: int) -> str:
    """ "2 events"; "" for none, as in the others."""
    return counted(ngettext("%(count)s event", "%(count)s events", count), count)


def sessions_words(count: int) -> str:
    """ "5 sessions"."""
    return counted(ngettext("%(count)s session", "%(count)s sessions", count), count)


def notes_words(count: int) -> str:
    """ "12 notes"."""
    return counted(ngettext("%(count)s note", "%(count)s notes", count), count)


def lessons_words(count: int) -> str:
    """ "8 lessons"."""
    return counted(ngettext("%(count)s lesson", "%(count)s lessons", count), count)


def commitments_words(count: int) -> str:
    """ "2 commitments"."""
    return counted(ngettext("%(count)s commitment", "%(count)s commitments", count), count)


def activities_words(count: int) -> str:
    """ "3 plan activities"."""
    return counted(ngettext("%(count)s plan activity", "%(count)s plan activities", count), count)


def outcomes_words(count: int) -> str:
    """ "2 outcomes"."""
    return counted(ngettext("%(count)s outcome", "%(count)s outcomes", count), count)


def practices_words(count: int) -> str:
    """ "2 good practices"."""
    return counted(ngettext("%(count)s good practice", "%(count)s good practices", count), count)


def bars(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows of the component `bars`, from (name, count) or (name, count, address): `share` is in percent of the longest."""
    found = list(rows)
    longest = max((row[1] for row in found), default=0)
    return [
        {
            "name": alone(row[0]),
            "count": row[1],
            "share": round(100 * row[1] / longest),
            "url": row[2] if row[2:] else "",
        }
        for row in found
    ]
