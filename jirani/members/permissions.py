"""Who may do what with members."""

from .authorities.permissions import can_admit, can_edit_authority, hubs_for
from .organisations.permissions import can_appoint, can_edit_agreement, can_edit_organisation, may_add_organisation
from .standing.permissions import answers_for_network, coordinates, coordinates_network, translates

__all__ = [
    "answers_for_network",
    "can_admit",
    "can_appoint",
    "can_edit_agreement",
    "can_edit_authority",
    "can_edit_organisation",
    "coordinates",
    "coordinates_network",
    "hubs_for",
    "may_add_organisation",
    "translates",
]
