from django.apps import AppConfig

from jirani.changes.registry import PUBLIC, listen, watch
from jirani.core.constraints import register_rules
from jirani.core.registry import register_personal
from jirani.notifications.registry import register_letters


class EventsConfig(AppConfig):
    name = "jirani.events"
    label = "events"

    def ready(self) -> None:
        """Take part when a person is exported or erased, or if their data has expired."""
        from .enums import EventState
        from .letters.actions.withdrawn import STANDS
        from .letters.actions.withdrawn import follow as follow_letters
        from .people.actions.personal import erase_expired, erase_person, export_person, keep
        from .rules import RULES

        register_rules(*RULES)
        announced = [{"access": "public", "state": state} for state in EventState.values if state != EventState.DRAFT]
        unread = ("told", "report_waived_at", "report_waived_by")
        watch("events.Event", state=("access", "state"), unread=unread, shown=announced)
        watch("events.Session", "events.RemovedSession", state=("access",), shown=PUBLIC)
        watch("events.Participation", state=("state", "person"), unread=("nonce", "answered_at", "turned_at"))
        listen("events.letters", follow_letters, "events.Event", "events.Participation")
        register_letters(STANDS)
        watch("events.EventParty", "events.Delegation", "events.SessionPart")
        register_personal(self.label, export=export_person, erase=erase_person, erase_expired=erase_expired, keep=keep)
