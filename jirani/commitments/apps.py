from django.apps import AppConfig

from jirani.core.constraints import register_rules
from jirani.core.registry import register_personal
from jirani.events.registry import register_follower
from jirani.notifications.registry import register_job


class CommitmentsConfig(AppConfig):
    name = "jirani.commitments"
    label = "commitments"

    def ready(self) -> None:
        """Take part when a person is exported or erased."""
        from .actions.narrowing import follow, foresee
        from .actions.personal import erase_person, export_person
        from .actions.reminders import remind_due
        from .rules import RULES

        register_rules(*RULES)
        register_personal(self.label, export=export_person, erase=erase_person)
        for source in ("events.event", "events.session", "lessons.lesson"):
            register_follower(source, foresee=foresee, follow=follow)
        register_job("commitments.remind_due", remind_due)
