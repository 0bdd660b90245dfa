"""Each night, check whether any lesson reveals more than its notes allow. No form permits that, but a bug or a direct write to the database might."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from jirani.audit.actions import record
from jirani.core.text import active_language
from jirani.lessons.models import Lesson
from jirani.notifications.actions import clear_alert, raise_alert
from jirani.notifications.models import Alert
from jirani.translation.models import translate_now
from jirani.ui.text import number

from .holding import hold_occasion
from .telling import narrow_to_notes, wrongly_named

#: The kind of alert that a lesson told too much. Alerts that are open are stored under this name: it stays, whatever the code is called.
TOLD_TOO_MUCH = "lessons.told_too_much"
#: How long coordinators see it.
SHOWN = timedelta(days=7)


def check_lessons() -> None:
    """Take cities off lessons whose notes do not let them be named, and tell coordinators.

    To tell less is safe, so it is done before anybody is asked.
    """
    for alert in Alert.objects.open().filter(kind=TOLD_TOO_MUCH, opened_at__lt=timezone.now() - SHOWN):
        clear_alert(TOLD_TOO_MUCH, about=alert.about)
    naming = Lesson.objects.filter(session__isnull=False, authorities__isnull=False).distinct()
    for lesson in naming.select_related("session__event").order_by("pk"):
        if wrongly_named(lesson):
            _mend(lesson)


def _mend(lesson: Lesson) -> None:
    with transaction.atomic():
        hold_occasion(lesson)
        held = Lesson.objects.select_for_update(of=("self",)).select_related("session__event").get(pk=lesson.pk)
        if narrow_to_notes(held):
            record("lessons.narrow_lesson", held)
            raise_alert(TOLD_TOO_MUCH, about=str(held.pk), facts={"lesson": held.pk})


def wrongly_named_words(lessons: int) -> str:
    """Return what coordinators read about this many lessons."""
    words = ngettext(
        "A lesson named a city without its speakers’ permission. The city has been removed. "
        "Check whether the text still gives it away.",
        "%(number)s lessons named cities without their speakers’ permission. The cities have been removed. "
        "Check whether the texts still give them away.",
        lessons,
    )
    return words % {"number": number(lessons)}


def named_lessons(facts: Sequence[dict[str, int]]) -> list[tuple[str, str]]:
    """Title and page of each, as it is now."""
    lessons = list(Lesson.objects.filter(pk__in=[one["lesson"] for one in facts]).order_by("pk"))
    translate_now(lessons)
    language = active_language()
    return [(one.text_in("title", language)[0], reverse("public:lesson_detail", args=[one.pk])) for one in lessons]


def lesson_address(facts: dict[str, int]) -> str:
    """The lesson's page."""
    return reverse("public:lesson_detail", args=[facts["lesson"]])
