"""Organisations behind an event, and authorities that send people."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jirani.audit.actions import record
from jirani.core.permissions import require
from jirani.events.models import Delegation, Event, EventParty
from jirani.events.permissions import can_edit_event
from jirani.members.models import LocalAuthority, Organisation


@transaction.atomic
def add_party(event: Event, *, organisation: Organisation, role: str, by: Any) -> EventParty:
    """Let an organisation be organiser, host, partner or donor; repeating it changes nothing."""
    require(can_edit_event(by, event))
    party, new = EventParty.objects.get_or_create(event=event, organisation=organisation, role=role)
    if new:
        record("events.add_party", event, by=by, organisation=organisation.pk, role=role)
    return party


@transaction.atomic
def remove_party(party: EventParty, *, by: Any) -> None:
    """Remove an organisation's part in an event; the organisation stays."""
    require(can_edit_event(by, party.event))
    record("events.remove_party", party.event, by=by, organisation=party.organisation_id, role=party.role)
    party.delete()


@transaction.atomic
def add_delegations(event: Event, *, authorities: Iterable[LocalAuthority], by: Any) -> list[Delegation]:
    """Let authorities send people; existing delegations stay as they are. Returns the new ones."""
    require(can_edit_event(by, event))
    made = [Delegation.objects.get_or_create(event=event, authority=authority) for authority in authorities]
    added = [delegation for delegation, new in made if new]
    if added:
        record("events.add_delegations", event, by=by, authorities=[one.authority_id for one in added])
    return added


@transaction.atomic
def remove_delegation(delegation: Delegation, *, by: Any) -> None:
    """Take a delegation back. Raises ValidationError while people come with it."""
    require(can_edit_event(by, delegation.event))
    if delegation.participations.exists():
        raise ValidationError(_("There are people in this delegation. Move them to another one first."))
    record("events.remove_delegation", delegation.event, by=by, authority=delegation.authority_id)
    delegation.delete()
