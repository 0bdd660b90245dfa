"""What a user is in the network, read once per request with two queries (none for a visitor)."""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import FilteredRelation, Q
from django.utils import timezone

from jirani.core.enums import AccessMode

from ..enums import NetworkDuty, TenureRole


@dataclass(frozen=True, slots=True)
class Standing:
    """The roles that a user holds today; the empty one is a visitor's."""

    person: int | None = None
    coordinator: bool = False
    hubs: frozenset[int] = frozenset()
    editor: bool = False
    translator: bool = False
    #: Organisations at which the person has a post, and those for which they are the focal point.
    organisations: frozenset[int] = frozenset()
    focal_organisations: frozenset[int] = frozenset()
    #: One of the network's people: with a duty, or a post at an organisation.
    in_network: bool = field(default=False)

    @property
    def coordinates(self) -> bool:
        """Whether they coordinate the network or a hub."""
        return self.coordinator or bool(self.hubs)

    @property
    def modes(self) -> tuple[AccessMode, ...]:
        """Access modes that are open to them without belonging to the event or forum."""
        return (AccessMode.PUBLIC, AccessMode.NETWORK) if self.in_network else (AccessMode.PUBLIC,)


VISITOR = Standing()


def standing_of(user: Any) -> Standing:
    """The user's standing, remembered on the user object for as long as it lives (a request)."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return VISITOR
    known: Standing | None = getattr(user, "_standing", None)
    if known is None:
        known = user._standing = _read(user)
    return known


def _read(user: Any) -> Standing:
    today = timezone.localdate()
    now = (Q(from_on__isnull=True) | Q(from_on__lte=today)) & (Q(until_on__isnull=True) | Q(until_on__gte=today))
    begun = Q(network_roles__from_on__isnull=True) | Q(network_roles__from_on__lte=today)
    goes_on = Q(network_roles__until_on__isnull=True) | Q(network_roles__until_on__gte=today)
    tenures = list(
        apps.get_model("members", "Tenure")
        .objects.filter(now, person__user=user)
        .values_list("person", "organisation", "role")
    )
    duties = list(
        apps.get_model("members", "Person")
        .objects.filter(user=user)
        .annotate(held=FilteredRelation("network_roles", condition=begun & goes_on))
        .values_list("pk", "held__duty", "held__hub")
    )  # a row for the person, with or without a duty
    coordinator = user.is_superuser or any(duty == NetworkDuty.COORDINATOR for _, duty, _ in duties)
    return Standing(
        person=duties[0][0] if duties else None,
        coordinator=coordinator,
        hubs=frozenset(hub for _, duty, hub in duties if duty == NetworkDuty.HUB_COORDINATOR and hub),
        editor=coordinator or any(duty == NetworkDuty.EDITOR for _, duty, _ in duties),
        translator=coordinator or any(duty == NetworkDuty.TRANSLATOR for _, duty, _ in duties),
        organisations=frozenset(organisation for _, organisation, _ in tenures),
        focal_organisations=frozenset(o for _, o, role in tenures if role == TenureRole.FOCAL_POINT),
        in_network=bool(coordinator or tenures or any(duty for _, duty, _ in duties)),
    )
