"""For which organisations somebody works at home."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from jirani.forums.models import Forum
from jirani.members.models import LocalAuthority, Organisation, standing_of


def speaks(user: Any) -> bool:
    """Whether there is an organisation for which they speak."""
    return bool(standing_of(user).focal_organisations)


def works_at_home(user: Any) -> bool:
    """Whether they may be asked for an authority or its forum. Coordinators may answer for everybody, but they are not asked."""
    return speaks(user) or (standing_of(user).in_network and not standing_of(user).coordinates)


def homes_of(user: Any) -> list[Any]:
    """The organisations for which they speak, and those whose forum they keep; `planless` are authorities without any action plan, `forum` is
    the address of the one they keep.
    """
    if not works_at_home(user):
        return []
    kept = Forum.objects.kept_by(user).values("authority__organisation")
    mine = Q(pk__in=standing_of(user).focal_organisations) | Q(pk__in=kept)
    planless = Exists(LocalAuthority.objects.filter(organisation=OuterRef("pk"), plans=None))
    forum = Forum.objects.kept_by(user).filter(authority__organisation=OuterRef("pk")).values("slug")[:1]
    homes = Organisation.objects.filter(mine).annotate(planless=planless, forum=Subquery(forum))
    return list(homes.order_by("name", "pk"))
