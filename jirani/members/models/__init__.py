"""Who is in the network: organisations, local authorities and their memberships, hubs, people, agreements and grants."""

from .agreements import Agreement, Grant
from .held import HeldQuerySet, going_on, held
from .organisations import Hub, LocalAuthority, Membership, Organisation
from .people import Consent, NetworkRole, Person, Tenure
from .standing import Standing, standing_of

__all__ = [
    "Agreement",
    "Consent",
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
    "held",
    "standing_of",
]
