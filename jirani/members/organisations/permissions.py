"""Who may do what with organisations and agreements."""

from typing import Any

from jirani.core.permissions import pair
from jirani.members.models import Agreement, LocalAuthority, Organisation, standing_of
from jirani.members.registry import chooses_organisations
from jirani.members.standing.permissions import coordinates_network


def may_add_organisation(user: Any) -> bool:
    """Coordinators, focal points, and those who choose among organisations in a higher app: whom a list lacks, they know."""
    standing = standing_of(user)
    return standing.coordinates or bool(standing.focal_organisations) or chooses_organisations(user)


@pair(Organisation, "editable_by")
def can_edit_organisation(user: Any, organisation: Organisation) -> bool:
    """Coordinators, the hub's coordinators and the organisation's focal points."""
    standing = standing_of(user)
    if standing.coordinator or organisation.pk in standing.focal_organisations:
        return True
    return (
        bool(standing.hubs) and LocalAuthority.objects.filter(organisation=organisation, hub__in=standing.hubs).exists()
    )


@pair(Organisation, "staffed_by")
def can_appoint(user: Any, organisation: Organisation) -> bool:
    """Tell whether the user may appoint people: coordinators, and a hub's coordinators for its authorities. People who
    speak for an organisation don't appoint others.
    """
    standing = standing_of(user)
    if standing.coordinator:
        return True
    return (
        bool(standing.hubs) and LocalAuthority.objects.filter(organisation=organisation, hub__in=standing.hubs).exists()
    )


@pair(Agreement, "editable_by")
def can_edit_agreement(user: Any, agreement: Agreement) -> bool:
    """Tell whether the user may edit the agreement: network coordinators only, because it belongs to several parties."""
    return coordinates_network(user)
