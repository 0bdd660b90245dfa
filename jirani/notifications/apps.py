from django.apps import AppConfig

from jirani.core.registry import register_nightly

from .registry import register_alert


class NotificationsConfig(AppConfig):
    name = "jirani.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Look every night at whether the network is backed up."""
        from .actions import INCOMPLETE, OVERDUE, check_backups, say_incomplete, say_overdue

        register_alert(OVERDUE, sentence=say_overdue)
        register_alert(INCOMPLETE, sentence=say_incomplete)
        register_nightly("notifications.backups", check_backups)
