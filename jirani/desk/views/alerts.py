"""Rows of what the network's coordinators must know until it is over."""

from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from jirani.members.permissions import coordinates_network
from jirani.notifications.actions import told_alerts

from .rows import Row


def alerts(user: Any) -> list[Row]:
    """For network coordinators: every open alert, however many, before all else."""
    if not coordinates_network(user):
        return []
    return [
        Row(
            _("The network"),
            sentence.replace("%", "%%"),
            None,
            address,
            _("Look into it") if address else "",
            address,
            since=localdate(alert.opened_at),
        )
        for alert, sentence, address in told_alerts()
    ]
