"""What a user is in the network, read once per request with two queries (none for a visitor)."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import FilteredRelation
from django.utils import timezone

from jirani.accounts.models import User
from jirani.core.enums import AccessMode

from ..enums import NetworkDuty, TenureRole
from .held import held


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
    account = User.objects.filter(pk=user.pk)
    posts = list(
        account.annotate(post=_held("tenures"))
        .filter(post__isnull=False)
        .values_list("post__organisation", "post__role")
    )
    duties = list(
        account.annotate(duty=_held("network_roles")).values_list("person", "duty__duty", "duty__hub")
    )  # a row for the account, with or without a person and a duty
    coordinator = user.is_superuser or any(duty == NetworkDuty.COORDINATOR for _, duty, _ in duties)
    return Standing(
        person=duties[0][0] if duties else None,
        coordinator=coordinator,
        hubs=frozenset(hub for _, duty, hub in duties if duty == NetworkDuty.HUB_COORDINATOR and hub),
        editor=coordinator or any(duty == NetworkDuty.EDITOR for _, duty, _ in duties),
        translator=coordinator or any(duty == NetworkDuty.TRANSLATOR for _, duty, _ in duties),
        organisations=frozenset(organisation for organisation, _ in posts),
        focal_organisations=frozenset(organisation for organisation, role in posts if role == TenureRole.FOCAL_POINT),
        in_network=bool(coordinator or posts or any(duty for _, duty, _ in duties)),
    )


def _held(what: str) -> FilteredRelation:
    """What the account's person holds today."""
    return FilteredRelation(f"person__{what}", condition=held(timezone.localdate(), f"person__{what}__"))
