"""Who is in the network: organisations, local authorities and their memberships, hubs, people, agreements and grants."""

from .agreements import Agreement, Grant
from .organisations import Hub, LocalAuthority, Membership, Organisation
from .people import ENTERED, Consent, Entered, NetworkRole, Person, Tenure, with_known
from .standing import Standing, standing_of

__all__ = [
    "ENTERED",
    "Agreement",
    "Consent",
    "Entered",
    "Grant",
    "Hub",
    "LocalAuthority",
    "Membership",
    "NetworkRole",
    "Organisation",
    "Person",
    "Standing",
    "Tenure",
    "standing_of",
    "with_known",
]
