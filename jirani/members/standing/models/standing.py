"""A user's roles in the network, read once per request with two queries (none for a visitor)."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from jirani.accounts.models import User
from jirani.core.enums import AccessMode
from jirani.members.enums import NetworkDuty, TenureRole

from .held import is_held


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
    person, posts = _held(user, "tenures", "organisation", "role")
    _, duties = _held(user, "network_roles", "duty", "hub")
    held = {duty for duty, _ in duties}
    coordinator = user.is_superuser or NetworkDuty.COORDINATOR in held
    return Standing(
        person=person,
        coordinator=coordinator,
        hubs=frozenset(hub for duty, hub in duties if duty == NetworkDuty.HUB_COORDINATOR and hub),
        editor=coordinator or NetworkDuty.EDITOR in held,
        translator=coordinator or NetworkDuty.TRANSLATOR in held,
        organisations=frozenset(organisation for organisation, _ in posts),
        focal_organisations=frozenset(organisation for organisation, role in posts if role == TenureRole.FOCAL_POINT),
        in_network=bool(coordinator or posts or duties),
    )


def _held(user: Any, what: str, *fields: str) -> tuple[int | None, list[tuple[Any, ...]]]:
    """The account's person, and those fields of all of the kind that the person holds today.

    People hold few things in a life: reading the past too takes half as long as leaving it out in the query.
    """
    ways = [f"person__{what}__{field}" for field in (*fields, "from_on", "until_on", "pk")]
    # A row for the account, with or without a person who holds anything.
    rows = list(User.objects.filter(pk=user.pk).values_list("person", *ways))
    today = timezone.localdate()
    kept = [tuple(found) for _, *found, from_on, until_on, pk in rows if pk and is_held(today, from_on, until_on)]
    return (rows[0][0] if rows else None), kept
