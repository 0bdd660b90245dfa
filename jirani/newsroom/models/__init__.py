"""The newsroom: a tree of pages for each language, edited in Wagtail."""

from .pages import ArticlePage, EventReportPage, NewsIndexPage, NewsPage, ReportLesson

__all__ = ["ArticlePage", "EventReportPage", "NewsIndexPage", "NewsPage", "ReportLesson"]
