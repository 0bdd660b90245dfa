"""Who is in the network: organisations, local authorities and their memberships, hubs, people, agreements and grants."""

from .authorities.models import Hub, LocalAuthority, LocalAuthorityQuerySet, Membership
from .organisations.models.agreements import Agreement, Grant
from .organisations.models.organisations import Organisation, OrganisationQuerySet
from .people.models import CALLED, ENTERED, Consent, Entered, NetworkRole, Person, Tenure, with_known
from .standing.models.held import HeldQuerySet, going_on
from .standing.models.standing import Standing, standing_of

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
    "LocalAuthorityQuerySet",
    "Membership",
    "NetworkRole",
    "Organisation",
    "OrganisationQuerySet",
    "Person",
    "Standing",
    "Tenure",
    "going_on",
    "standing_of",
    "with_known",
]
