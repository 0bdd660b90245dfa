"""Rules between a lesson and the session in which it was told."""

from django.utils.translation import gettext_lazy as _

from jirani.core.constraints import Rule

RULES = (
    Rule(
        "lesson_of_own_session",
        "lessons.Lesson",
        ("event_id", "session_id"),
        "(SELECT s.event_id FROM events_session s WHERE s.id = NEW.session_id) <> NEW.event_id",
        _("Choose a session of the same event."),
        "session",
    ),
)
