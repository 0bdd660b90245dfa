"""What the newsroom adds to Wagtail: choosing a lesson or an event that everybody may see, by its title in the editor's language; text that
runs in its own direction; lists and addresses that give away no draft or document to people they are not meant for.
"""

from typing import Any

from django.http import Http404
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from jirani.core.enums import AccessMode
from jirani.events.enums import EventState
from jirani.events.models import Event
from jirani.lessons.models import Lesson
from jirani.translation.forms import named
from jirani.translation.models import translate_now

from .permissions import may_fetch, pages_listed_for


def _offered(model: Any) -> Any:
    """Return the records that may be shown on a page, which is for everybody: those published and public."""
    if model is Lesson:
        return Lesson.objects.published().filter(access=AccessMode.PUBLIC).order_by("-published_at")
    return Event.objects.filter(state=EventState.PUBLISHED, access=AccessMode.PUBLIC).order_by("-starts_on")


class ShownByTitle:
    """Shows a record in Wagtail by its title in the editor's language or else in its own."""

    def get_display_title(self, instance: Any) -> str:
        """The title."""
        translate_now(instance)
        return named(instance, "title")


class OfferedPage:
    """The records on a page of a list by their titles, with one query for all."""

    def get_results_page(self, request: Any) -> Any:
        """The page, its records with their translations."""
        page: Any = super().get_results_page(request)  # type: ignore[misc]
        page.object_list = list(page.object_list)
        translate_now(page.object_list)
        return page

    @property
    def title_column(self) -> Any:
        """The column by which one chooses."""
        column: Any = super().title_column  # type: ignore[misc]
        column.accessor = lambda record: named(record, "title")
        return column


class ChooseOffered(OfferedPage, ChooseView):
    """The list, when it opens."""


class ChooseOfferedResults(OfferedPage, ChooseResultsView):
    """The list, when one turns its pages."""


class OfferedWidget(ShownByTitle, BaseChooser):
    """Shows the chosen record in a form."""


class ChosenOffered(ShownByTitle, ChosenView):
    """What was chosen, if it was on offer."""

    def get_object(self, pk: Any) -> Any:
        """The record. Raises DoesNotExist, which Wagtail answers with 404."""
        return _offered(self.model_class).get(pk=pk)


class ChosenManyOffered(ShownByTitle, ChosenMultipleView):
    """The chosen records that were on offer."""

    def get_objects(self, pks: Any) -> Any:
        return _offered(self.model_class).filter(pk__in=pks)


class OfferedViewSet(ChooserViewSet):
    """A chooser whose list and addresses offer the same records."""

    choose_view_class = ChooseOffered
    choose_results_view_class = ChooseOfferedResults
    chosen_view_class = ChosenOffered
    chosen_multiple_view_class = ChosenManyOffered
    base_widget_class = OfferedWidget

    def get_object_list(self) -> Any:
        return _offered(self.model)


class LessonChooser(OfferedViewSet):
    """Choose a lesson."""

    model = Lesson
    icon = "doc-full"
    choose_one_text = _("Choose a lesson")
    choose_another_text = _("Choose another lesson")


class EventChooser(OfferedViewSet):
    """Choose an event."""

    model = Event
    icon = "date"
    choose_one_text = _("Choose an event")
    choose_another_text = _("Choose another event")


@hooks.register("register_admin_viewset")
def register_choosers() -> list[ChooserViewSet]:
    """Both choosers."""
    return [LessonChooser("lesson_chooser", url_prefix="lessons"), EventChooser("event_chooser", url_prefix="events")]


@hooks.register("construct_page_chooser_queryset")
def list_choices(pages: Any, request: Any) -> Any:
    """Limit the pages to choose from to those whose titles the user may read."""
    return pages.filter(pk__in=pages_listed_for(request.user).values("pk"))


@hooks.register("construct_explorer_page_queryset")
def list_pages(parent: Any, pages: Any, request: Any) -> Any:
    """Limit the pages below a page in the same way."""
    return list_choices(pages, request)


@hooks.register("before_serve_document")
def check_document(document: Any, request: Any) -> None:
    """Serve a document only to people who may see a page that links to it. Raises Http404."""
    if not may_fetch(request.user, document):
        raise Http404


@hooks.register("insert_global_admin_css")
def own_direction() -> str:
    """Make titles and texts run in the direction of their own letters, whatever the language of the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("newsroom/admin.css"))
