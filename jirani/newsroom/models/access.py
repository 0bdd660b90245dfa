"""Who edits every page, and what those who edit only some may do with them."""

from typing import Any

from wagtail.models import PagePermissionTester

from jirani.members.models import standing_of


def edits_all(user: Any) -> bool:
    """Whether the user edits every page: an editor of the network today, or an administrator."""
    return bool(user.is_active and (user.is_superuser or standing_of(user).editor))


class ReportPermissions(PagePermissionTester):
    """A hub's coordinators edit and publish its reports; Wagtail would let whoever may change a page delete it with its history."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Whether the user may delete the page."""
        return bool(super().can_delete(ignore_bulk)) and edits_all(self.user)
