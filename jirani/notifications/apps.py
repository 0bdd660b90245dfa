from django.apps import AppConfig
from django.utils.translation import gettext as _

from jirani.changes.registry import leave
from jirani.core.registry import register_nightly
from jirani.ui.text import join

from .registry import register_alert


class NotificationsConfig(AppConfig):
    name = "jirani.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Let old messages go, and say what it means that the worker ends again and again."""
        from .actions import (
            FAILING,
            INCOMPLETE,
            OVERDUE,
            WORKER,
            delete_old_messages,
            say_incomplete,
            say_overdue,
        )

        leave("Letters on their way, and what coordinators must know.", "notifications.Message", "notifications.Alert")
        register_alert(OVERDUE, sentence=say_overdue)
        register_alert(INCOMPLETE, sentence=say_incomplete)
        register_nightly("notifications.outbox", delete_old_messages)
        register_alert(
            WORKER,
            sentence=lambda facts: _(
                "Background work keeps stopping: e-mails are waiting, and pages do not appear on time. Whoever runs the server can find the reason in its log."
            ),
        )
        register_alert(
            FAILING,
            sentence=lambda facts: (
                _("Nightly work keeps failing: %(names)s. Whoever runs the server can find the reason in its log.")
                % {"names": join(facts["names"])}
            ),
        )
