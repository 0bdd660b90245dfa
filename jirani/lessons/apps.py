from django.apps import AppConfig

from jirani.core.constraints import register_rules
from jirani.core.registry import register_personal
from jirani.events.registry import register_follower


class LessonsConfig(AppConfig):
    name = "jirani.lessons"
    label = "lessons"

    def ready(self) -> None:
        """Take part when a person is exported or erased, and keep those who spoke lately."""
        from .actions.narrowing import follow, foresee
        from .actions.personal import erase_person, export_person, keep
        from .rules import RULES

        register_rules(*RULES)
        register_personal(self.label, export=export_person, erase=erase_person, keep=keep)
        for source in ("events.event", "events.session"):
            register_follower(source, foresee=foresee, follow=follow)
