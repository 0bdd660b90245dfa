"""What the reading pages say of a record in a sentence. Pure functions of records, no query."""

from django.utils.translation import gettext, pgettext

from jirani.core.enums import Precision
from jirani.members.enums import MembershipState
from jirani.members.models import Membership
from jirani.ui.text import day, month, partial


def membership_words(membership: Membership | None) -> str:
    """Whether an authority is a member, and since when as exactly as it is known."""
    if membership is None:
        return gettext("Takes part without being a member")
    if membership.state == MembershipState.LEFT:
        return _left(membership)
    if membership.state == MembershipState.PAUSED:
        return gettext("Membership paused")
    if membership.state != MembershipState.MEMBER:
        return str(MembershipState(membership.state).label)
    return _since(membership)


def _since(membership: Membership) -> str:
    joined, precision = membership.joined_on, membership.joined_precision
    if joined is None or precision == Precision.UNKNOWN:
        return pgettext("local authority", "Member of the network")
    if precision in {Precision.BY, Precision.BY_MONTH}:
        known = day(joined, style="full") if precision == Precision.BY else month(joined)
        # Translators: the day of joining is not known, only that it was by then
        return gettext("Member since %(date)s or before") % {"date": known}
    return gettext("Member since %(date)s") % {"date": partial(joined, precision)}


def _left(membership: Membership) -> str:
    if membership.left_on is None or membership.left_precision == Precision.UNKNOWN:
        return gettext("Was a member")
    return gettext("Was a member; left in %(date)s") % {"date": partial(membership.left_on, membership.left_precision)}
