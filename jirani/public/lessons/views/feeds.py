"""Pages for machines: the lessons as a feed and as a table, and robots.txt."""

import csv
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from jirani.core.routes import made_once, public, whole_address
from jirani.core.security import by_day
from jirani.core.text import active_language
from jirani.events.models import Event
from jirani.lessons.models import Lesson
from jirani.reading.origins import origins, with_origins
from jirani.translation.models import attach_translations
from jirani.ui.text import country

#: Entries of the feed, and rows that the export reads at a time.
ENTRIES = 30
CHUNK = 500
#: Nobody sees these: spaces, quotation marks of CSV, control and format characters, selectors, and the letters of Korean that are blank.
_UNSEEN = (
    r"[ \"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]*"
)
#: Beginnings of a cell that a spreadsheet would take for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = re.compile(rf"(^|[;\t\r\n])({_UNSEEN})(?=[=+\-@＝＋－＠])")


@public
@made_once()
def lesson_feed(request: HttpRequest) -> HttpResponse:
    """The latest public lessons as an Atom feed (RFC 4287), the same for every reader."""
    language = active_language()
    lessons = list(_public_lessons().order_by("-published_at", "-id")[:ENTRIES])
    attach_translations(language, lessons)
    here = whole_address(request.path)
    updated = max((lesson.updated_at for lesson in lessons), default=by_day(timezone.now()))
    site = whole_address(reverse("public:lesson_list"))
    title = gettext("Lessons of %(network)s") % {"network": settings.NETWORK_NAME}
    body = "".join(_entry(lesson, language) for lesson in lessons)
    feed = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>'
        f"<id>{escape(here)}</id><title>{escape(title)}</title><updated>{updated.isoformat()}</updated>"
        f'<link rel="self" href={quoteattr(here)}/><link href={quoteattr(site)}/>'
        f"<author><name>{escape(settings.NETWORK_NAME)}</name></author>{body}</feed>\n"
    )
    return HttpResponse(feed, content_type="application/atom+xml; charset=utf-8")


def _entry(lesson: Lesson, language: str) -> str:
    address = whole_address(reverse("public:lesson_detail", args=[lesson.pk]))
    title, title_language = lesson.text_in("title", language)
    summary, summary_language = lesson.text_in("body", language)
    published = (lesson.published_at or lesson.updated_at).isoformat()
    return (
        f"<entry><id>{escape(address)}</id><title xml:lang={quoteattr(title_language)}>{_clean(title)}</title>"
        f"<link href={quoteattr(address)}/><published>{published}</published><updated>{lesson.updated_at.isoformat()}</updated>"
        f"<category term={quoteattr(lesson.kind)} label={quoteattr(str(lesson.get_kind_display()))}/>"
        f"<summary xml:lang={quoteattr(summary_language)}>{_clean(summary)}</summary></entry>"
    )


def _clean(text: str) -> str:
    """Remove characters that XML 1.0 cannot hold."""
    return escape("".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff")))


@public
def lesson_export(request: HttpRequest) -> HttpResponseBase:
    """All public lessons as a table (CSV, UTF-8), row after row, the same for every reader."""
    language = active_language()
    response = StreamingHttpResponse(_table(language), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="lessons-{language}.csv"'
    return response


class _Line:
    """A file for csv.writer that gives back what it is given."""

    def write(self, value: str) -> str:
        return value


def _table(language: str) -> Iterator[str]:
    writer = csv.writer(_Line())
    with override(language):
        yield "\ufeff" + str(writer.writerow(_HEADINGS))
        lessons = with_origins(_public_lessons()).prefetch_related("themes")
        seen = 0
        while chunk := list(lessons.filter(pk__gt=seen).order_by("pk")[:CHUNK]):
            seen = chunk[-1].pk
            shown = set(
                Event.objects.visible_to(AnonymousUser()).filter(lessons__in=chunk).values_list("pk", flat=True)
            )
            attach_translations(
                language,
                chunk,
                [each.themes.all() for each in chunk],
                [each.event for each in chunk],
                [origins(each) for each in chunk],
            )
            for lesson in chunk:
                yield str(writer.writerow([harmless(value) for value in _row(lesson, language, shown)]))


_HEADINGS = [
    "id",
    "kind",
    "title",
    "title_language",
    "text",
    "addressees",
    "review_level",
    "published",
    "event",
    "authorities",
    "countries",
    "themes",
    "cost",
    "staff",
    "mandate",
    "time",
    "source",
    "illustrative",
    "details_illustrative",
]


def _row(lesson: Lesson, language: str, shown_events: set[int]) -> list[str]:
    def said(record: Any, field: str) -> str:
        return str(record.text_in(field, language)[0])

    authorities = list(lesson.authorities.all()) if lesson.names_origin else []
    title, title_language = lesson.text_in("title", language)
    event = said(lesson.event, "title") if lesson.event and lesson.event_id in shown_events else ""
    return [
        str(lesson.pk),
        lesson.kind,
        title,
        title_language,
        said(lesson, "body"),
        "; ".join(one.value for one in lesson.addressed),
        lesson.review_level,
        lesson.published_at.date().isoformat() if lesson.published_at else "",
        event,
        "; ".join(said(each.organisation, "name") for each in authorities),
        "; ".join(sorted({country(each.country) for each in authorities})),
        "; ".join(said(theme, "name") for theme in lesson.themes.all()),
        said(lesson, "cost"),
        said(lesson, "staff"),
        said(lesson, "mandate"),
        said(lesson, "time_needed"),
        lesson.source_url,
        "yes" if lesson.illustrative else "",
        "yes" if lesson.details_illustrative else "",
    ]


def harmless(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, with an apostrophe in front if it would.

    Spreadsheets set to French or German split a file at semicolons, others at tabs, whatever quotation marks say. So what follows one of
    these within a cell is treated like a separate cell.
    """
    return ("'" if value.startswith(("\t", "\r", "\n")) else "") + _FORMULA.sub(r"\1'\2", value)


def _public_lessons() -> QuerySet[Lesson]:
    return Lesson.objects.visible_to(AnonymousUser()).published()
