"""What the pages of local authorities say about their membership. Pure functions of records, no query."""

from django.utils.translation import gettext, pgettext

from jirani.members.enums import MembershipState
from jirani.members.models import Membership
from jirani.ui.text import alone, first_day, last_day, to_the_day


def membership_words(membership: Membership | None) -> str:
    """Whether an authority is a member, and since when as exactly as it is known."""
    if membership is None:
        return gettext("Takes part without being a member")
    fact = _fact(membership)
    # Translators: %(fact)s is such as "Member since 2015"
    return gettext("%(fact)s (unconfirmed)") % {"fact": fact} if membership.unconfirmed else fact


def _fact(membership: Membership) -> str:
    if membership.state == MembershipState.LEFT:
        return _left(membership)
    if membership.state == MembershipState.PAUSED:
        return gettext("Membership paused")
    if membership.state != MembershipState.MEMBER:
        return alone(MembershipState(membership.state).label)
    return _since(membership)


def _since(membership: Membership) -> str:
    joined = first_day(membership.joined_on, membership.joined_precision)
    if not joined:
        return pgettext("local authority", "Member of the network")
    if to_the_day(membership.joined_precision):
        return pgettext("a day", "Member since %(date)s") % {"date": joined}
    return pgettext("a month or year", "Member since %(date)s") % {"date": joined}


def _left(membership: Membership) -> str:
    left = last_day(membership.left_on, membership.left_precision)
    if not left:
        return gettext("Was a member")
    if to_the_day(membership.left_precision):
        return pgettext("a day", "Was a member until %(date)s") % {"date": left}
    return pgettext("a month or year", "Was a member until %(date)s") % {"date": left}
