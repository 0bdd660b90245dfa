"""Who may do what with local authorities and their memberships."""

from typing import Any

from django.db.models import QuerySet

from jirani.core.permissions import pair
from jirani.members.models import Hub, LocalAuthority, standing_of


@pair(LocalAuthority, "editable_by")
def can_edit_authority(user: Any, authority: LocalAuthority) -> bool:
    """Coordinators, the hub's coordinators and the authority's focal points."""
    standing = standing_of(user)
    return (
        standing.coordinator
        or authority.hub_id in standing.hubs
        or authority.organisation_id in standing.focal_organisations
    )


def hubs_for(user: Any, authority: LocalAuthority | None = None) -> QuerySet[Hub]:
    """Return the hubs in which the user may place an authority: all for coordinators, their own for a hub's
    coordinators. Focal points can't move an authority to another hub.
    """
    standing = standing_of(user)
    if standing.coordinator:
        return Hub.objects.all()
    theirs = authority is None or authority.hub_id in standing.hubs
    return Hub.objects.filter(pk__in=standing.hubs) if theirs else Hub.objects.none()


@pair(LocalAuthority, "admitted_by")
def can_admit(user: Any, authority: LocalAuthority) -> bool:
    """Tell whether the user decides on the authority's membership: its coordinators do, its own focal point does not."""
    standing = standing_of(user)
    return standing.coordinator or authority.hub_id in standing.hubs
