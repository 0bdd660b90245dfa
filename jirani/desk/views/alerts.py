"""Rows of what the network's coordinators must know until it is over."""

from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from jirani.members.permissions import coordinates_network
from jirani.notifications.actions import told_alerts
from jirani.notifications.actions.alerts import Told

from .rows import Row


def alerts(user: Any) -> list[Row]:
    """Show network coordinators, who see every record, all open alerts before anything else."""
    return [_row(told) for told in told_alerts()] if coordinates_network(user) else []


def _row(told: Told) -> Row:
    """Make a row: an alert about one record names it; one about several names the network, with a link to each record."""
    one = told.records[0][0] if told.address and told.records else ""
    return Row(
        one or _("The network"),
        told.sentence.replace("%", "%%"),
        None,
        told.address,
        _("Look into it") if told.address else "",
        told.address,
        since=localdate(told.since),
        links=() if told.address else tuple(told.records),
    )
