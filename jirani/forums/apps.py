from functools import partial

from django.apps import AppConfig

from jirani.changes.registry import PUBLIC, listen, watch
from jirani.core.constraints import register_rules
from jirani.core.registry import register_personal
from jirani.members.registry import register_chooser
from jirani.notifications.registry import register_letters


class ForumsConfig(AppConfig):
    name = "jirani.forums"
    label = "forums"

    def ready(self) -> None:
        """Take part when a person is exported or erased, or if their data has expired; say that secretaries choose among organisations."""
        from jirani.members.people.actions.named import is_theirs, withdraw_named

        from .actions import erase_expired, erase_person, export_person, keep
        from .permissions import keeps_a_forum
        from .rules import RULES

        register_rules(*RULES)
        watch("forums.Forum", "forums.Meeting", "forums.Priority", state=("access",), shown=PUBLIC)
        listen("forums.letters", partial(withdraw_named, "forums.named"), "forums.Seat")
        register_letters({"forums.named": is_theirs})
        watch("forums.Seat", "forums.WorkingGroup", "forums.Attendance", "forums.Decision")
        register_personal(self.label, export=export_person, erase=erase_person, erase_expired=erase_expired, keep=keep)
        register_chooser(keeps_a_forum)
