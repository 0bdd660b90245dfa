"""Who may do what with members."""

from .authorities.permissions import can_admit, can_edit_authority, can_see_membership, hubs_for
from .organisations.permissions import can_appoint, can_edit_agreement, can_edit_organisation, may_add_organisation
from .people.permissions import can_see_person
from .standing.permissions import answers_for_network, coordinates, coordinates_network

__all__ = [
    "answers_for_network",
    "can_admit",
    "can_appoint",
    "can_edit_agreement",
    "can_edit_authority",
    "can_edit_organisation",
    "can_see_membership",
    "can_see_person",
    "coordinates",
    "coordinates_network",
    "hubs_for",
    "may_add_organisation",
]
