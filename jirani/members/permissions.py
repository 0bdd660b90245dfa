"""Who may do what with members."""

from typing import Any

from django.db.models import QuerySet

from jirani.core.permissions import pair

from .models import Agreement, Hub, LocalAuthority, Membership, Organisation, Person, standing_of
from .registry import chooses_organisations


def coordinates_network(user: Any) -> bool:
    """Whether the user is a network coordinator."""
    return standing_of(user).coordinator


def coordinates(user: Any) -> bool:
    """Whether the user coordinates the network or one of its hubs."""
    return standing_of(user).coordinates


def translates(user: Any) -> bool:
    """Whether the user looks after the network's texts in other languages: its translators, and its coordinators."""
    return standing_of(user).translator


def answers_for_network(user: Any) -> bool:
    """Whether the user coordinates the network or a hub, edits its pages or administers it: much is in the hands of their account."""
    standing = standing_of(user)
    return standing.coordinates or standing.editor


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
    """Coordinators, and the hub's coordinators for its authorities. Who speaks for an organisation is not said by who does so."""
    standing = standing_of(user)
    if standing.coordinator:
        return True
    return (
        bool(standing.hubs) and LocalAuthority.objects.filter(organisation=organisation, hub__in=standing.hubs).exists()
    )


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
    """Those among which the user may place an authority, or a new one: all for coordinators, their own for a hub's. Where it
    belongs is not said by its focal points.
    """
    standing = standing_of(user)
    if standing.coordinator:
        return Hub.objects.all()
    theirs = authority is None or authority.hub_id in standing.hubs
    return Hub.objects.filter(pk__in=standing.hubs) if theirs else Hub.objects.none()


@pair(LocalAuthority, "admitted_by")
def can_admit(user: Any, authority: LocalAuthority) -> bool:
    """Who belongs to the network is said by its coordinators, not by the authority's own focal point."""
    standing = standing_of(user)
    return standing.coordinator or authority.hub_id in standing.hubs


@pair(Membership, "visible_to")
def can_see_membership(user: Any, membership: Membership) -> bool:
    """Everybody, unless it is still being prepared."""
    return Membership.objects.visible_to(user).filter(pk=membership.pk).exists()


@pair(Agreement, "editable_by")
def can_edit_agreement(user: Any, agreement: Agreement) -> bool:
    """Network coordinators: what several organisations signed is not one party's to rewrite."""
    return coordinates_network(user)


@pair(Person, "visible_to")
def can_see_person(user: Any, person: Person) -> bool:
    """Themselves, coordinators, and people of the network where the person agreed to be found."""
    return Person.objects.visible_to(user).filter(pk=person.pk).exists()
