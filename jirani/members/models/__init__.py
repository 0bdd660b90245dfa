"""Who is in the network: organisations, local authorities and their memberships, hubs, people, agreements and grants."""

from .agreements import Agreement, Grant
from .held import HeldQuerySet, going_on
from .organisations import Hub, LocalAuthority, Membership, Organisation
from .people import CALLED, ENTERED, Consent, Entered, NetworkRole, Person, Tenure, with_known
from .standing import Standing, standing_of

__all__ = [
    "CALLED",
    "ENTERED",
    "Agreement",
    "Consent",
    "Entered",
    "Grant",
    "HeldQuerySet",
    "Hub",
    "LocalAuthority",
    "Membership",
    "NetworkRole",
    "Organisation",
    "Person",
    "Standing",
    "Tenure",
    "going_on",
    "standing_of",
    "with_known",
]
