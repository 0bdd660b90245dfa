from django.apps import AppConfig

from jirani.changes.registry import leave
from jirani.core.registry import register_nightly


class AuditConfig(AppConfig):
    name = "jirani.audit"
    label = "audit"

    def ready(self) -> None:
        """Register the daily erasure of expired data."""
        from .actions import delete_old_submissions
        from .tasks import erase_expired

        leave(
            "What was done, and when the worker did it: no page for visitors, and nothing may follow from an entry.",
            *(f"audit.{name}" for name in ("Entry", "Submission", "Forgetting", "Nightly", "Clock", "Tally", "Backup")),
        )
        leave("The queue of background work.", "procrastinate")
        register_nightly("audit.forget", erase_expired)
        register_nightly("audit.forget_forms", delete_old_submissions)
