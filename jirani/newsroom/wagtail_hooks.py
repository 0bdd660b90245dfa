"""What the newsroom adds to Wagtail's admin: choosing a lesson or an event that everybody may see."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.generic.chooser import ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from jirani.core.enums import AccessMode
from jirani.events.enums import EventState
from jirani.events.models import Event
from jirani.lessons.models import Lesson


def _offered(model: Any) -> Any:
    """Those that may stand on a page, which is for everybody: published and public."""
    if model is Lesson:
        return Lesson.objects.published().filter(access=AccessMode.PUBLIC).order_by("-published_at")
    return Event.objects.filter(state=EventState.PUBLISHED, access=AccessMode.PUBLIC).order_by("-starts_on")


class ChosenOffered(ChosenView):
    """What was chosen, if it was on offer."""

    def get_object(self, pk: Any) -> Any:
        """The record. Raises DoesNotExist, which Wagtail answers with 404."""
        return _offered(self.model_class).get(pk=pk)


class ChosenManyOffered(ChosenMultipleView):
    """Those of what was chosen that were on offer."""

    def get_objects(self, pks: Any) -> Any:
        """The records."""
        return _offered(self.model_class).filter(pk__in=pks)


class OfferedViewSet(ChooserViewSet):
    """Choosing, in a list and by a number in an address alike."""

    chosen_view_class = ChosenOffered
    chosen_multiple_view_class = ChosenManyOffered

    def get_object_list(self) -> Any:
        """What is on offer."""
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
