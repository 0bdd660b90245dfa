"""The money by which an event is paid: grants that donors report by."""

from typing import Any

from django.db import transaction

from jirani.audit.actions import record
from jirani.core.enums import AccessMode, narrower_than
from jirani.core.permissions import require
from jirani.events.enums import PartyRole
from jirani.events.models import Event
from jirani.events.permissions import can_edit_event
from jirani.members.models import Grant, standing_of
from jirani.members.permissions import coordinates

from .parties import add_party


@transaction.atomic
def create_grant(*, by: Any, **facts: Any) -> Grant:
    """Record a new grant. `facts` are fields of Grant. Raises ValidationError if one is wrong or missing.

    Only its funder and the network's coordinators see a closed one; a hub's coordinators could not open it again.
    """
    require(coordinates(by))
    grant = Grant(**facts)
    require(grant.access != AccessMode.CLOSED or standing_of(by).coordinator)
    grant.full_clean()
    grant.save()
    record("events.create_grant", grant, by=by)
    return grant


@transaction.atomic
def tie_grant(event: Event, *, grant: Grant, by: Any) -> Event:
    """Say that a grant pays for an event; repeating it changes nothing. Its funder is then one of the donors, unless fewer people see
    the grant than the event.
    """
    require(can_edit_event(by, event))
    require(Grant.objects.visible_to(by).filter(pk=grant.pk).exists())
    if not event.grants.filter(pk=grant.pk).exists():
        event.grants.add(grant)
        record("events.tie_grant", event, by=by, grant=grant.pk)
    if grant.access not in narrower_than(event.access):
        add_party(event, organisation=grant.funder, role=PartyRole.DONOR, by=by)
    return event


@transaction.atomic
def add_grant(event: Event, *, by: Any, grant: Grant | None = None, **facts: Any) -> Event:
    """Say that a grant pays for an event: one that is known, or (None) a new one with these facts."""
    return tie_grant(event, grant=grant or create_grant(by=by, **facts), by=by)


@transaction.atomic
def untie_grant(event: Event, *, grant: Grant, by: Any) -> None:
    """Remove a grant from an event; the grant and its donor stay."""
    require(can_edit_event(by, event))
    if event.grants.filter(pk=grant.pk).exists():
        event.grants.remove(grant)
        record("events.untie_grant", event, by=by, grant=grant.pk)
