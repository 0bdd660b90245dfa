"""Rows of what could not be delivered."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jirani.members.permissions import coordinates_network
from jirani.notifications.actions import given_up

from .rows import Row


def undelivered(user: Any) -> list[Row]:
    """For network coordinators: that there are letters which no mail server took."""
    if not coordinates_network(user) or not given_up().exists():
        return []
    address = reverse("members:letter_list")
    return [Row(_("Letters"), _("Some could not be delivered."), None, address, _("See to whom"), address)]
