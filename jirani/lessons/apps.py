from django.apps import AppConfig

from jirani.changes.registry import NEVER, listen, watch
from jirani.core.constraints import register_rules
from jirani.core.registry import register_nightly, register_personal
from jirani.events.registry import register_follower, register_word
from jirani.lessons.enums import Publication
from jirani.notifications.registry import register_alert, register_letters


class LessonsConfig(AppConfig):
    name = "jirani.lessons"
    label = "lessons"

    def ready(self) -> None:
        """Take part when a person is exported or erased, keep those who spoke lately, and look after notes each night."""
        from .actions import check_lessons, scatter_nightly
        from .actions.checking import TOLD_TOO_MUCH, lesson_address, named_lessons, wrongly_named_words
        from .actions.narrowing import follow, foresee
        from .actions.personal import erase_person, export_person, has_attributed, keep
        from .actions.withdrawn import STANDS
        from .actions.withdrawn import follow as follow_letters
        from .rules import RULES

        register_rules(*RULES)
        published = [{"access": "public", "state": Publication.PUBLISHED}]
        watch("lessons.Lesson", state=("access", "state"), shown=published, quiet=("notes",))
        watch("lessons.Note", shown=NEVER)  # the record of a room
        watch("lessons.Endorsement", "lessons.Response")
        listen("lessons.letters", follow_letters, "events.Event", "members.Person", "lessons.Lesson")
        register_letters(STANDS)
        register_personal(self.label, export=export_person, erase=erase_person, keep=keep)
        for source in ("events.event", "events.session"):
            register_follower(source, foresee=foresee, follow=follow)
        register_word(has_attributed)
        register_nightly("lessons.check", check_lessons)
        register_nightly("lessons.scatter", scatter_nightly)
        register_alert(
            TOLD_TOO_MUCH,
            sentence=lambda facts: wrongly_named_words(1),
            link=lesson_address,
            together=wrongly_named_words,
            records=named_lessons,
        )
