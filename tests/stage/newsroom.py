"""News, and reports of events."""

from collections.abc import Callable
from typing import Any

from jirani.core.enums import AccessMode
from jirani.events.models import Event
from jirani.events.permissions import can_see_event
from jirani.newsroom.actions import write_report
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage, ReportLesson

from .. import factories as make
from .tokens import Stage, everybody, nobody


def publish(stage: Stage) -> None:
    """Articles in every state, and reports of events in every mode, as if published before these closed."""
    by, front = stage.cast.users()["coordinator"], NewsIndexPage.objects.get(locale__language_code="en")
    for live in (True, False):
        article = ArticlePage(slug=f"article-{live}", live=live, event=_closed(stage))
        front.add_child(instance=stage.keep(article, may=everybody if live else nobody))
        article.save_revision()
        stage.keep(article, may=nobody).save_revision()  # somebody goes on with it; it is not published
    report = write_report(stage.cast.event, by=by)
    for lesson in stage.cast.event.lessons.exclude(report_places__page=report):
        report.report_lessons.add(ReportLesson(lesson=lesson))
    report.save_revision().publish()
    for mode in stage.modes:
        event = make.event(access=mode)
        seen: Callable[[Any, Any], bool] = lambda user, page: can_see_event(user, page.event)  # noqa: E731
        front.add_child(instance=stage.keep(EventReportPage(slug=f"report-{mode}", event=event), may=seen))


def _closed(stage: Stage) -> Any:
    return next(one for one in stage.records if isinstance(one, Event) and one.access == AccessMode.CLOSED)
