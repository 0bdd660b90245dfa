"""The demo's pages of the newsroom: an article or report in one language, and beside it the same text in the others.

Their text is written as one writes a letter: paragraphs between empty lines, "## " before a heading, "> " before a quotation,
whose last line may say by whom: "> — a role".
"""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.html import escape
from wagtail.models import Locale

from jirani.accounts.models import User
from jirani.events.models import Event
from jirani.lessons.models import Lesson
from jirani.newsroom.actions import admit_editor, ensure_newsroom, write_chapters
from jirani.newsroom.enums import DraftedBy
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage, NewsPage, ReportLesson
from jirani.newsroom.text import paragraphs

from ..text import LANGUAGES, source
from .records import Records


def load_pages(content: Mapping[str, Any], records: Records, *, by: User) -> int:
    """Create missing pages, each in all its languages. Returns how many the file describes."""
    ensure_newsroom()
    admit_editor(by)
    for table in content.get("article", []):
        _publish(ArticlePage, table, lambda language, table=table: _article(table, language, records), by=by)
    for table in content.get("report", []):
        event: Any = records.find(Event, table["event"])
        lessons: list[Any] = [records.find(Lesson, key) for key in table["lessons"]]
        _publish(EventReportPage, table, lambda language, t=table, e=event: _report(t, language, e), by=by)
        _give_lessons(table["key"], lessons)
    return sum(len(rows) for rows in content.values())


def _publish(model: type[NewsPage], table: Mapping[str, Any], values: Any, *, by: User) -> None:
    if model.objects.filter(slug=table["key"]).exists():
        return
    first: NewsPage | None = None
    for language in LANGUAGES:
        locale = Locale.objects.get(language_code=language)
        fields = {"owner": by, "slug": table["key"], **_head(table, language), **values(language)}
        if first is None:
            page = first = model(locale=locale, **fields)
            NewsIndexPage.objects.get(locale=locale).add_child(instance=page)
        else:
            page = first.copy_for_translation(locale)
            for name, value in fields.items():
                setattr(page, name, value)
            page.save()
        page.save_revision(user=by).publish(user=by)


def _head(table: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        "title": table["title"][language],
        "standfirst": table["standfirst"][language].strip(),
        "author_role": table["author_role"][language],
        "published_on": table["published_on"],
        "drafted_by": DraftedBy.ORIGINAL if language == "en" else DraftedBy.PERSON,
        "source_url": source(table["source"]) if "source" in table else "",
        "illustrative": table.get("illustrative", False),
    }


def _article(table: Mapping[str, Any], language: str, records: Records) -> dict[str, Any]:
    return {
        "kind": table["kind"],
        "event": records.find(Event, table["event"]) if "event" in table else None,
        "body": _blocks(table["body"][language]),
    }


def _report(table: Mapping[str, Any], language: str, event: Event) -> dict[str, Any]:
    with translation.override(language):
        written = write_chapters(event)
    written = {name: value for name, value in written.items() if name not in {"title", "standfirst"}}
    for name in ("description", "next_steps"):
        if name in table:
            written[name] = str(paragraphs(table[name][language].strip()))
    return {"event": event, **written}


def _give_lessons(slug: str, lessons: list[Lesson]) -> None:
    for page in EventReportPage.objects.filter(slug=slug):
        if not page.report_lessons.exists():
            for place, lesson in enumerate(lessons):
                ReportLesson.objects.create(page=page, lesson=lesson, sort_order=place)


def _blocks(text: str) -> list[tuple[str, Any]]:
    blocks: list[tuple[str, Any]] = []
    for part in (part.strip() for part in text.strip().split("\n\n")):
        if part.startswith("## "):
            blocks.append(("heading", part[3:]))
        elif part.startswith("> "):
            blocks.append(("quote", _quote(part)))
        else:
            blocks.append(("paragraph", f"<p>{escape(part)}</p>"))
    return blocks


def _quote(part: str) -> dict[str, str]:
    lines = [line.removeprefix("> ") for line in part.splitlines()]
    role = lines.pop().removeprefix("— ") if lines[-1].startswith("— ") else ""
    return {"text": " ".join(lines), "role": role}
