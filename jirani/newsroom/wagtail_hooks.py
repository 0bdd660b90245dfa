"""What the newsroom adds to Wagtail's admin: choosing a lesson or an event that the editor may see."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.chooser import ChooserViewSet

from jirani.events.models import Event
from jirani.lessons.models import Lesson


class LessonChooser(ChooserViewSet):
    """Choose a published lesson."""

    model = Lesson
    icon = "doc-full"
    choose_one_text = _("Choose a lesson")
    choose_another_text = _("Choose another lesson")

    def get_object_list(self) -> Any:
        """Published, public lessons: a page is for everybody."""
        return Lesson.objects.published().filter(access="public").order_by("-published_at")


class EventChooser(ChooserViewSet):
    """Choose a public event."""

    model = Event
    icon = "date"
    choose_one_text = _("Choose an event")
    choose_another_text = _("Choose another event")

    def get_object_list(self) -> Any:
        """Published, public events."""
        return Event.objects.filter(state="published", access="public").order_by("-starts_on")


@hooks.register("register_admin_viewset")
def register_choosers() -> list[ChooserViewSet]:
    """Both choosers."""
    return [LessonChooser("lesson_chooser", url_prefix="lessons"), EventChooser("event_chooser", url_prefix="events")]
